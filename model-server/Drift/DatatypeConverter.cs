using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>Writes a datatype by the name that the protocol has for it.</summary>
internal sealed class DatatypeConverter : JsonConverter<Datatype>
{
    public override Datatype Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Datatypes.TryFrom(reader.GetString()!, out var datatype)
            ? datatype
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Datatype value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}
