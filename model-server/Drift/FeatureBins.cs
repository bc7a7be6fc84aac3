using System.Globalization;

namespace Slipway.ModelServer.Drift;

/// <summary>The bins of one feature: every figure falls into exactly one of them.</summary>
internal abstract class FeatureBins
{
    public const string Other = "other";
    public const string Missing = "missing";
    public const string Low = "low";
    public const string High = "high";

    /// <summary>As metrics name them in the label <c>bin</c>, in the order in which they are counted; all different.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    public int Count => Labels.Count;

    /// <summary>The last one: no figure was there.</summary>
    public int MissingBin => Count - 1;
}

/// <summary>
/// Bins of numbers: <c>low</c> below the first edge; one from each edge to the next, the upper one included, the first one with both, and for a
/// single edge the one value; <c>high</c> above the last edge; <c>missing</c> for what is no number. Infinities are low and high.
/// </summary>
/// <param name="edges">At least one, finite, strictly ascending.</param>
internal sealed class NumericBins(double[] edges) : FeatureBins
{
    private readonly int _inner = Math.Max(1, edges.Length - 1);

    public override IReadOnlyList<string> Labels { get; } = LabelsOf(edges);

    public int BinOf(double value)
    {
        if (double.IsNaN(value))
        {
            return _inner + 2;
        }

        // A few edges lie in one or two cache lines: to compare with all of them is quicker than to search.
        var below = 0;
        foreach (var edge in edges)
        {
            below += edge < value ? 1 : 0;
        }

        return below == 0 ? (value < edges[0] ? 0 : 1)
            : below == edges.Length ? _inner + 1
            : below;
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
internal sealed class CategoricalBins(string[] categories) : FeatureBins
{
    private const char Mark = '=';

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bins = categories
        .Select((category, bin) => (category, bin))
        .ToDictionary(pair => pair.category, pair => pair.bin, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    public override IReadOnlyList<string> Labels { get; } = [.. categories.Select(LabelOf), Other, Missing];

    public int BinOf(ReadOnlySpan<char> category) =>
        category.IsEmpty ? MissingBin : _bins.TryGetValue(category, out var bin) ? bin : MissingBin - 1;

    /// <summary>A category may have the name of one of the other bins, and is marked then.</summary>
    private static string LabelOf(string category) => category is Other or Missing || category[0] == Mark ? Mark + category : category;
}
