using System.Text.Json.Serialization;

namespace Slipway.ModelServer.Text;

[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class VocabularyJson : JsonSerializerContext;
