using System.Globalization;
using System.Text.Unicode;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Baselines;

/// <summary>Takes one figure of a row.</summary>
/// <param name="text">Counts tokens; null for a tensor that is no text.</param>
internal sealed class FigureReader(Figure figure, TextEncoder? text)
{
    /// <summary>A word of more characters than a category may have is none, and its end is not looked at.</summary>
    public const int Scratch = BaselineBounds.LongestName + 2;

    /// <summary>For <see cref="FeatureMeasure.CentroidCosine"/>, before the first row is read.</summary>
    public IReadOnlyList<float> Centroid { get; set; } = [];

    /// <summary>Of a numeric figure; NaN when it is missing.</summary>
    public double Number(TensorRow row) => figure.Measure switch
    {
        FeatureMeasure.Value => row.Number(figure.Column),
        FeatureMeasure.TokenCount => Tokens(row).Count,
        FeatureMeasure.UnknownTokenShare => Tokens(row) is ( > 0, _) tokens ? (double)tokens.Unknown / tokens.Count : double.NaN,
        FeatureMeasure.Norm => Norm(row),
        FeatureMeasure.CentroidCosine => Cosine(row),
        FeatureMeasure.ChannelMean => Channel(row).Mean,
        FeatureMeasure.ChannelDeviation => Channel(row).Deviation,
        FeatureMeasure.Confidence => Largest(row) is var place and >= 0 ? row.Number(place) : double.NaN,
        _ => throw new InvalidOperationException($"{figure.Measure} is no number."),
    };

    /// <summary>Of a categorical figure; empty when it is missing.</summary>
    /// <param name="scratch">At least <see cref="Scratch"/> characters.</param>
    public ReadOnlySpan<char> Word(TensorRow row, Span<char> scratch)
    {
        if (figure.Measure == FeatureMeasure.TopClass)
        {
            return Largest(row) is var place and >= 0 ? Digits(place, scratch) : [];
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

    private (int Count, int Unknown) Tokens(TensorRow row) =>
        (text ?? throw new InvalidOperationException($"{row.Spec} is no text.")).Count(row.Text(0));

    private static double Norm(TensorRow row)
    {
        var squares = 0.0;
        for (var i = 0; i < row.Width; i++)
        {
            var element = row.Number(i);
            squares += element * element;
        }

        return Math.Sqrt(squares);
    }

    private double Cosine(TensorRow row)
    {
        var (product, squares, centroidSquares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < row.Width; i++)
        {
            var element = row.Number(i);
            product += element * Centroid[i];
            squares += element * element;
            centroidSquares += (double)Centroid[i] * Centroid[i];
        }

        // Zero by zero is NaN; rounding may pass 1.
        return Math.Clamp(product / Math.Sqrt(squares * centroidSquares), -1, 1);
    }

    private (double Mean, double Deviation) Channel(TensorRow row)
    {
        var pixels = row.Width / row.Channels;
        var first = figure.Column * pixels;
        var mean = 0.0;
        for (var i = first; i < first + pixels; i++)
        {
            mean += row.Number(i);
        }

        mean /= pixels;
        var squares = 0.0;
        for (var i = first; i < first + pixels; i++)
        {
            var difference = row.Number(i) - mean;
            squares += difference * difference;
        }

        return (mean, Math.Sqrt(squares / pixels));
    }

    /// <returns>The first one among equals; −1 when one is NaN.</returns>
    private static int Largest(TensorRow row)
    {
        var largest = 0;
        for (var i = 0; i < row.Width; i++)
        {
            if (double.IsNaN(row.Number(i)))
            {
                return -1;
            }

            largest = row.Number(i) > row.Number(largest) ? i : largest;
        }

        return largest;
    }
}
