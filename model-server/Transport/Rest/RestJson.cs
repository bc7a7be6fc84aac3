using System.Text.Json.Serialization;
using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Transport.Rest;

internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

internal sealed record ServerReady(bool Ready);

internal sealed record ModelList(IReadOnlyList<string> Models);

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

/// <summary>One line of the repository's index. <paramref name="State"/> is one of Triton's words.</summary>
internal sealed record IndexEntry(string Name, string Version, string State, string Reason);

/// <summary>What a client asks of the index; <paramref name="Ready"/> leaves out what does not answer.</summary>
internal sealed record IndexRequest(bool Ready);

/// <summary>The protocol's bodies other than tensors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ServerReady))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelReady))]
[JsonSerializable(typeof(ModelMetadata))]
[JsonSerializable(typeof(IReadOnlyList<IndexEntry>))]
[JsonSerializable(typeof(IndexRequest))]
[JsonSerializable(typeof(ModelConfiguration))]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(FeedbackReceipt))]
internal sealed partial class RestJson : JsonSerializerContext;
