using System.Globalization;
using System.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>The bins of one feature: every figure falls into exactly one of them.</summary>
/// <param name="labels">As metrics name them in the label <c>bin</c>, in the order in which they are counted; all different.</param>
internal abstract class FeatureBins(IReadOnlyList<string> labels)
{
    public const string Other = "other";
    public const string Missing = "missing";
    public const string Low = "low";
    public const string High = "high";

    public IReadOnlyList<string> Labels { get; } = labels;

    public int Count { get; } = labels.Count;

    /// <summary>The last one: no figure was there.</summary>
    public int MissingBin => Count - 1;
}

/// <summary>
/// Bins of numbers: <c>low</c> below the first edge; one from each edge to the next, the upper one included, the first one with both, and for a
/// single edge the one value; <c>high</c> above the last edge; <c>missing</c> for what is no number. Infinities are low and high.
/// </summary>
/// <param name="edges">At least one, finite, strictly ascending.</param>
internal sealed class NumericBins(double[] edges) : FeatureBins(LabelsOf(edges))
{
    // The first edge belongs to the bin above it, every other one to the bin below.
    private readonly double[] _floors = [Math.BitDecrement(edges[0]), .. edges.Length == 1 ? edges : edges[1..]];

    /// <summary>A number's bin is how many of these are less than it.</summary>
    public IReadOnlyList<double> Floors => _floors;

    public int BinOf(double value)
    {
        if (double.IsNaN(value))
        {
            return MissingBin;
        }

        // A few edges lie in one or two cache lines: to compare with all of them is quicker than to search.
        var above = 0;
        foreach (var floor in _floors)
        {
            above += floor < value ? 1 : 0;
        }

        return above;
    }

    private static string[] LabelsOf(double[] edges)
    {
        // Floats are read as the floats that they were, 0.1 and not 0.10000000149011612, unless two would read the same.
        var texts = edges.Select(edge => (float)edge == edge ? ((float)edge).ToString("R", CultureInfo.InvariantCulture) : Exact(edge)).ToArray();
        if (texts.Distinct(StringComparer.Ordinal).Count() < texts.Length)
        {
            texts = [.. edges.Select(Exact)];
        }

        return
        [
            Low,
            $"[{texts[0]},{texts[Math.Min(1, texts.Length - 1)]}]",
            .. Enumerable.Range(2, Math.Max(0, texts.Length - 2)).Select(upper => $"({texts[upper - 1]},{texts[upper]}]"),
            High,
            Missing,
        ];
    }

    private static string Exact(double edge) => edge.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Bins of words: one for each category, <c>other</c> for any other, <c>missing</c> for an empty one.</summary>
/// <param name="categories">At least one, none empty, all different.</param>
internal sealed class CategoricalBins(string[] categories) : FeatureBins([.. categories.Select(LabelOf), Other, Missing])
{
    private const char Mark = '=';

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bins = categories
        .Select((category, bin) => (category, bin))
        .ToDictionary(pair => pair.category, pair => pair.bin, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly byte[][] _utf8 = [.. categories.Select(Encoding.UTF8.GetBytes)];

    public int OtherBin => MissingBin - 1;

    public int BinOf(ReadOnlySpan<char> category) =>
        category.IsEmpty ? MissingBin : _bins.TryGetValue(category, out var bin) ? bin : OtherBin;

    public int BinOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return MissingBin;
        }

        // Most of them differ in their length already.
        for (var bin = 0; bin < _utf8.Length; bin++)
        {
            if (utf8.SequenceEqual(_utf8[bin]))
            {
                return bin;
            }
        }

        return OtherBin;
    }

    /// <summary>A category may have the name of one of the other bins, and is marked then.</summary>
    private static string LabelOf(string category) => category is Other or Missing || category[0] == Mark ? Mark + category : category;
}
