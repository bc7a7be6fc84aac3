using System.Text.Json.Serialization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>
/// The content of <c>baseline.json</c>: how a model's inputs and outputs were distributed over the rows that it was trained on. Written by
/// <c>slipway-server baseline</c>, read when a version is loaded.
/// </summary>
internal sealed record Baseline
{
    /// <summary>Of the format; this program reads 1.</summary>
    public required int Format { get; init; }

    /// <summary>Rows that the ratios were measured on.</summary>
    public required long Rows { get; init; }

    /// <summary>What is watched of what clients send.</summary>
    public required IReadOnlyList<BaselineFeature> Inputs { get; init; }

    /// <summary>What is watched of what the model answers. Metrics put <see cref="BaselineBounds.OutputPrefix"/> before these names.</summary>
    public required IReadOnlyList<BaselineFeature> Outputs { get; init; }
}

/// <summary>One figure of a row, and how often it fell into which bin. Either <see cref="Edges"/> or <see cref="Categories"/> is given, by its kind.</summary>
internal sealed record BaselineFeature
{
    /// <summary>1 to 128 characters, unique among the inputs and among the outputs.</summary>
    public required string Name { get; init; }

    public required FeatureKind Kind { get; init; }

    /// <summary>The input or output that it is of, as the model is served.</summary>
    public required string Tensor { get; init; }

    /// <summary>Of the tensor: edges are among its numbers, and say nothing of others. Null: not said.</summary>
    [JsonConverter(typeof(DatatypeConverter))]
    public Datatype? Datatype { get; init; }

    /// <summary>What is taken of a row of the tensor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FeatureMeasure Measure { get; init; } = FeatureMeasure.Value;

    /// <summary>Which of a row's elements <see cref="FeatureMeasure.Value"/> is, from 0 on; or which channel of an image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Column { get; init; }

    /// <summary>The mean vector of the training rows, for <see cref="FeatureMeasure.CentroidCosine"/> alone.</summary>
    public IReadOnlyList<float>? Centroid { get; init; }

    /// <summary>Ascending; see <see cref="NumericBins"/>.</summary>
    public IReadOnlyList<double>? Edges { get; init; }

    /// <summary>See <see cref="CategoricalBins"/>.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>The share of the training rows in each bin, in the order of the bins; their sum is 1.</summary>
    public required IReadOnlyList<double> Ratios { get; init; }

    /// <summary>The period in which the figure's distribution comes round, such as <c>24h</c> for an hour of the day; a shorter window says nothing of it. Null: none.</summary>
    public string? Seasonality { get; init; }

    /// <exception cref="InvalidOperationException">The feature was not checked.</exception>
    public FeatureBins Bins() => Kind == FeatureKind.Numeric
        ? new NumericBins([.. Edges ?? throw new InvalidOperationException($"Feature {Name} has no edges.")])
        : new CategoricalBins([.. Categories ?? throw new InvalidOperationException($"Feature {Name} has no categories.")]);
}

[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
internal enum FeatureKind
{
    [JsonStringEnumMemberName("numeric")]
    Numeric,

    [JsonStringEnumMemberName("categorical")]
    Categorical,
}

/// <summary>What is taken of one row of a tensor. The row is what lies behind the first axis.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureMeasure>))]
internal enum FeatureMeasure
{
    /// <summary>One element; of any element type.</summary>
    [JsonStringEnumMemberName("value")]
    Value,

    /// <summary>Tokens that a text becomes, before it is cut to the model's length.</summary>
    [JsonStringEnumMemberName("tokenCount")]
    TokenCount,

    /// <summary>The share of a text's tokens that the vocabulary does not have, 0 to 1.</summary>
    [JsonStringEnumMemberName("unknownTokenShare")]
    UnknownTokenShare,

    /// <summary>The Euclidean norm of the row.</summary>
    [JsonStringEnumMemberName("norm")]
    Norm,

    /// <summary>The cosine of the angle between the row and the centroid, −1 to 1; missing for a row of zeros.</summary>
    [JsonStringEnumMemberName("centroidCosine")]
    CentroidCosine,

    /// <summary>The mean of one channel of an image, whose rows are channels × height × width.</summary>
    [JsonStringEnumMemberName("channelMean")]
    ChannelMean,

    /// <summary>The standard deviation of one channel of an image.</summary>
    [JsonStringEnumMemberName("channelDeviation")]
    ChannelDeviation,

    /// <summary>The place of the row's largest element, from 0 on, as a category.</summary>
    [JsonStringEnumMemberName("topClass")]
    TopClass,

    /// <summary>The row's largest element.</summary>
    [JsonStringEnumMemberName("confidence")]
    Confidence,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(Baseline))]
internal sealed partial class BaselineJson : JsonSerializerContext;
