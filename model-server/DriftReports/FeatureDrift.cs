using Slipway.Api.Monitoring;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.DriftReports;

/// <summary>How far one feature of a data set is from the baseline. What cannot be calculated of the rows is null.</summary>
internal sealed record FeatureDrift
{
    /// <summary>As in metrics.</summary>
    public required string Name { get; init; }

    public required FeatureKind Kind { get; init; }

    public required DriftVerdict Verdict { get; init; }

    public required long Rows { get; init; }

    public double? MissingShare { get; init; }

    /// <summary>See <see cref="DriftScores.Psi"/>.</summary>
    public double? Psi { get; init; }

    /// <summary>See <see cref="DriftScores.JensenShannonDivergence"/>.</summary>
    public double? JensenShannonDivergence { get; init; }

    /// <summary>See <see cref="DriftScores.JensenShannonDistance"/>.</summary>
    public double? JensenShannonDistance { get; init; }

    /// <summary>Of numbers alone, over those that are there; see <see cref="DriftScores.KolmogorovSmirnov"/>.</summary>
    public double? KolmogorovSmirnov { get; init; }

    /// <summary>Of words alone; see <see cref="DriftScores.TotalVariation"/>.</summary>
    public double? TotalVariation { get; init; }

    /// <summary>See <see cref="DriftScores.ChiSquare"/>.</summary>
    public double? ChiSquarePValue { get; init; }

    public required IReadOnlyList<BinCount> Bins { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsJudged => Verdict is not (DriftVerdict.TooFewRows or DriftVerdict.WindowTooShort);

    /// <param name="counts">Rows in each of the feature's bins.</param>
    public static FeatureDrift Of(DriftFeature feature, ReadOnlySpan<long> counts, DriftRequest request)
    {
        double[] expected = [.. feature.Expected];
        var rows = Sum(counts);
        var isNumeric = feature.Bins is NumericBins;
        var drift = new FeatureDrift
        {
            Name = feature.Name,
            Kind = isNumeric ? FeatureKind.Numeric : FeatureKind.Categorical,
            Verdict = DriftVerdict.TooFewRows,
            Rows = rows,
            Bins = [.. counts.ToArray().Select((count, bin) => new BinCount(feature.Bins.Labels[bin], expected[bin], count))],
        };
        if (rows == 0)
        {
            return drift;
        }

        var psi = DriftScores.Psi(expected, counts);
        return drift with
        {
            Verdict = Judge(feature, rows, psi, request),
            MissingShare = (double)counts[feature.Bins.MissingBin] / rows,
            Psi = psi,
            JensenShannonDivergence = DriftScores.JensenShannonDivergence(expected, counts),
            JensenShannonDistance = DriftScores.JensenShannonDistance(expected, counts),
            KolmogorovSmirnov = isNumeric ? OfNumbers(expected.AsSpan(0, feature.Bins.MissingBin), counts[..feature.Bins.MissingBin]) : null,
            TotalVariation = isNumeric ? null : DriftScores.TotalVariation(expected, counts),
            ChiSquarePValue = DriftScores.ChiSquare(expected, counts).PValue,
        };
    }

    private static DriftVerdict Judge(DriftFeature feature, long rows, double psi, DriftRequest request) =>
        feature.Season > (request.Window ?? TimeSpan.MaxValue) ? DriftVerdict.WindowTooShort
        : !DriftScores.IsEnough(rows, feature.Bins.Count, request.MinSamples) ? DriftVerdict.TooFewRows
        : psi > request.Threshold ? DriftVerdict.Drifted
        : psi >= DriftScores.LeastUnstable ? DriftVerdict.Moderate
        : DriftVerdict.Stable;

    // The missing have no place in the order of numbers.
    private static double? OfNumbers(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts) =>
        Sum(counts) > 0 && expected.ContainsAnyExcept(0) ? DriftScores.KolmogorovSmirnov(expected, counts) : null;

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }
}

/// <param name="Bin">As in metrics.</param>
/// <param name="Expected">The share of the training rows.</param>
/// <param name="Count">Rows of the data.</param>
internal sealed record BinCount(string Bin, double Expected, long Count);
