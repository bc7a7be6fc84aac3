using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>One figure of a whole row.</summary>
internal abstract class RowWatch<T>(int firstCell) : TensorWatch where T : unmanaged
{
    public override void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        var rows = RowsOf(tensor);
        var rest = tensor.Elements<T>();
        var width = rest.Length / Math.Max(1, rows);
        for (; rows > 0; rows--, rest = rest[width..])
        {
            tally.Add(firstCell + BinOf(rest[..width], tensor.Shape));
        }
    }

    /// <param name="shape">Of the whole tensor.</param>
    protected abstract int BinOf(ReadOnlySpan<T> row, ReadOnlySpan<long> shape);
}

/// <summary>A figure that is a number.</summary>
internal sealed class RowFigure<T, TElement>(BaselineFeature feature, int firstCell, NumericBins bins) : RowWatch<T>(firstCell)
    where T : unmanaged
    where TElement : IElement<T>
{
    private readonly FeatureMeasure _measure = feature.Measure;
    private readonly int _channel = feature.Column;
    private readonly double[] _centroid = [.. feature.Centroid ?? []];

    protected override int BinOf(ReadOnlySpan<T> row, ReadOnlySpan<long> shape) => bins.BinOf(_measure switch
    {
        FeatureMeasure.Norm => RowFigures.Norm<T, TElement>(row),
        FeatureMeasure.CentroidCosine => RowFigures.Cosine<T, TElement>(row, _centroid),
        FeatureMeasure.ChannelMean => RowFigures.Mean<T, TElement>(RowFigures.Channel(row, shape, _channel)),
        FeatureMeasure.ChannelDeviation => RowFigures.Deviation<T, TElement>(RowFigures.Channel(row, shape, _channel)),
        FeatureMeasure.Confidence => RowFigures.Confidence<T, TElement>(row),
        _ => throw new InvalidOperationException($"{_measure} is no number of a whole row."),
    });
}

/// <summary>The place of the largest element.</summary>
internal sealed class TopClass<T, TElement>(int firstCell, WholeBins bins) : RowWatch<T>(firstCell)
    where T : unmanaged
    where TElement : IElement<T>
{
    protected override int BinOf(ReadOnlySpan<T> row, ReadOnlySpan<long> shape) =>
        RowFigures.TopClass<T, TElement>(row) is >= 0 and var place ? bins.BinOf(place) : bins.MissingBin;
}
