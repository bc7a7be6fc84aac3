using System.Globalization;
using System.Text.Unicode;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;
using Wide = Slipway.ModelServer.Drift.Number<double, double>;

namespace Slipway.ModelServer.Baselines;

/// <summary>Takes one figure of a row, to the last digit as the server takes it. Not for many threads.</summary>
/// <param name="text">Counts tokens; null for a tensor that is no text.</param>
internal sealed class FigureReader(Figure figure, TextEncoder? text)
{
    /// <summary>A word of more characters than a category may have is none, and its end is not looked at.</summary>
    public const int Scratch = BaselineBounds.LongestName + 2;

    private double[] _numbers = [];
    private double[] _centroid = [];

    /// <summary>For <see cref="FeatureMeasure.CentroidCosine"/>, before the first row is read.</summary>
    public IReadOnlyList<float> Centroid
    {
        get;
        set
        {
            field = value;
            _centroid = [.. value];
        }
    } = [];

    /// <summary>Of a numeric figure; NaN when it is missing.</summary>
    public double Number(TensorRow row) => figure.Measure switch
    {
        FeatureMeasure.Value => row.Number(figure.Column),
        FeatureMeasure.TokenCount => Tokens(row).Tokens,
        FeatureMeasure.UnknownTokenShare => Tokens(row).UnknownShare,
        FeatureMeasure.Norm => RowFigures.Norm<double, Wide>(Numbers(row)),
        FeatureMeasure.CentroidCosine => RowFigures.Cosine<double, Wide>(Numbers(row), _centroid),
        FeatureMeasure.ChannelMean => RowFigures.Mean<double, Wide>(Channel(row)),
        FeatureMeasure.ChannelDeviation => RowFigures.Deviation<double, Wide>(Channel(row)),
        FeatureMeasure.Confidence => RowFigures.Confidence<double, Wide>(Numbers(row)),
        _ => throw new InvalidOperationException($"{figure.Measure} is no number."),
    };

    /// <summary>Of a categorical figure; empty when it is missing.</summary>
    /// <param name="scratch">At least <see cref="Scratch"/> characters.</param>
    public ReadOnlySpan<char> Word(TensorRow row, Span<char> scratch)
    {
        if (figure.Measure == FeatureMeasure.TopClass)
        {
            return RowFigures.TopClass<double, Wide>(Numbers(row)) is var place and >= 0 ? Digits(place, scratch) : [];
        }

        switch (row.Spec.Datatype)
        {
            case Datatype.Bytes:
                Utf8.ToUtf16(row.Text(figure.Column), scratch, out _, out var written);
                return scratch[..written];
            case Datatype.Bool:
                return row.Whole(figure.Column) == 0 ? "false" : "true";
            default:
                return Digits(row.Whole(figure.Column), scratch);
        }
    }

    private static ReadOnlySpan<char> Digits(Int128 whole, Span<char> scratch)
    {
        whole.TryFormat(scratch, out var written, provider: CultureInfo.InvariantCulture);
        return scratch[..written];
    }

    private TokenCount Tokens(TensorRow row) =>
        (text ?? throw new InvalidOperationException($"{row.Spec} is no text.")).Count(row.Text(0));

    private ReadOnlySpan<double> Numbers(TensorRow row)
    {
        if (_numbers.Length < row.Width)
        {
            _numbers = new double[row.Width];
        }

        for (var i = 0; i < row.Width; i++)
        {
            _numbers[i] = row.Number(i);
        }

        return _numbers.AsSpan(0, row.Width);
    }

    private ReadOnlySpan<double> Channel(TensorRow row)
    {
        var pixels = row.Width / row.Channels;
        return Numbers(row).Slice(figure.Column * pixels, pixels);
    }
}
