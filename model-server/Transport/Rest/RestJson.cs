using System.Text.Json.Serialization;

namespace Slipway.ModelServer.Transport.Rest;

internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

internal sealed record ServerReady(bool Ready);

internal sealed record ModelReady(string Name, bool Ready);

/// <param name="Parameters">Null when there are none.</param>
internal sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape, IReadOnlyDictionary<string, string>? Parameters);

/// <param name="Parameters">Null when there are none.</param>
internal sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs,
    IReadOnlyDictionary<string, string>? Parameters);

/// <summary>The protocol's bodies other than tensors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ServerReady))]
[JsonSerializable(typeof(ModelReady))]
[JsonSerializable(typeof(ModelMetadata))]
internal sealed partial class RestJson : JsonSerializerContext;
