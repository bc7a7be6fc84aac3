using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Chooses what is watched of a tensor, by its element type and the shape of a row.</summary>
internal static class FigurePlan
{
    /// <summary>Longer rows are watched as a whole.</summary>
    public const int LongestList = 16;

    public const int MostClasses = 100;

    // Of more channels it is no picture that anybody could look at.
    private const int MostChannels = 4;

    /// <summary>A text that the server turns into tokens.</summary>
    public static IReadOnlyList<Figure> OfText(string name) =>
    [
        new($"{name}.tokens", FeatureKind.Numeric, FeatureMeasure.TokenCount),
        new($"{name}.unknown", FeatureKind.Numeric, FeatureMeasure.UnknownTokenShare),
    ];

    /// <summary>An input whose elements have names of their own.</summary>
    public static IReadOnlyList<Figure> OfColumns(TensorSpec spec, IReadOnlyList<string> names) =>
        [.. names.Select((name, column) => new Figure(name, KindOf(spec.Datatype), Column: column))];

    /// <param name="rowShape">The axes behind the first.</param>
    /// <returns>Empty when nothing can be watched of it.</returns>
    public static IReadOnlyList<Figure> Of(TensorSpec spec, IReadOnlyList<long> rowShape)
    {
        var width = rowShape.Aggregate(1L, (product, axis) => product * axis);
        if (width == 1)
        {
            return [new(spec.Name, KindOf(spec.Datatype))];
        }

        if (rowShape is [<= MostChannels, > 1, > 1] && IsNumber(spec.Datatype))
        {
            return [.. Enumerable.Range(0, (int)rowShape[0]).SelectMany(channel => OfChannel(spec.Name, channel))];
        }

        if (width <= LongestList)
        {
            return [.. Enumerable.Range(0, (int)width).Select(column => new Figure($"{spec.Name}[{column}]", KindOf(spec.Datatype), Column: column))];
        }

        return !IsNumber(spec.Datatype) ? []
            : width > BaselineBounds.LongestCentroid ? [Norm(spec.Name)]
            : [Norm(spec.Name), new($"{spec.Name}.cosine", FeatureKind.Numeric, FeatureMeasure.CentroidCosine)];
    }

    /// <param name="addsUpToOne">Whether each row that was seen does, as probabilities do.</param>
    /// <returns>Empty when nothing can be watched of it.</returns>
    public static IReadOnlyList<Figure> OfOutput(TensorSpec spec, IReadOnlyList<long> rowShape, bool addsUpToOne)
    {
        var width = rowShape.Aggregate(1L, (product, axis) => product * axis);
        if (width == 1)
        {
            return [new(spec.Name, IsFraction(spec.Datatype) ? FeatureKind.Numeric : FeatureKind.Categorical)];
        }

        // An embedding may be as wide as a list of many classes.
        var isScores = rowShape.Count == 1 && IsFraction(spec.Datatype) && width <= MostClasses && (width <= LongestList || spec.Columns.Count > 0 || addsUpToOne);
        return isScores
            ? [new($"{spec.Name}.class", FeatureKind.Categorical, FeatureMeasure.TopClass), new($"{spec.Name}.confidence", FeatureKind.Numeric, FeatureMeasure.Confidence)]
            : Of(spec, rowShape);
    }

    private static Figure Norm(string name) => new($"{name}.norm", FeatureKind.Numeric, FeatureMeasure.Norm);

    private static IEnumerable<Figure> OfChannel(string name, int channel) =>
    [
        new($"{name}[{channel}].mean", FeatureKind.Numeric, FeatureMeasure.ChannelMean, channel),
        new($"{name}[{channel}].deviation", FeatureKind.Numeric, FeatureMeasure.ChannelDeviation, channel),
    ];

    private static FeatureKind KindOf(Datatype datatype) => IsNumber(datatype) ? FeatureKind.Numeric : FeatureKind.Categorical;

    private static bool IsNumber(Datatype datatype) => datatype is not (Datatype.Bool or Datatype.Bytes);

    private static bool IsFraction(Datatype datatype) => datatype is Datatype.FP32 or Datatype.FP64 or Datatype.FP16 or Datatype.BF16;
}
