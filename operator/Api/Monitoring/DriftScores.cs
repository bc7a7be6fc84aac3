namespace Slipway.Api.Monitoring;

/// <summary>
/// How far what was seen is from what was expected, both over the same bins. Counts are of the bins, at least one of them above 0; ratios
/// are not negative and need not sum to exactly 1: all but <see cref="Psi"/> divide them by their sum. Checked against SciPy.
/// </summary>
public static class DriftScores
{
    /// <summary>Least ratio that <see cref="Psi"/> takes of either side, so that an empty bin does not make it infinite.</summary>
    public const double Floor = 1e-4;

    /// <summary>The <see cref="Psi"/> above which a feature has drifted, unless the user says another.</summary>
    public const decimal DefaultThreshold = 0.2m;

    /// <summary>The <see cref="Psi"/> from which on a feature is no longer stable.</summary>
    public const double LeastUnstable = 0.1;

    /// <summary>Observations of a feature below which nothing is said of it, unless the user says another.</summary>
    public const int DefaultMinSamples = 500;

    /// <summary>Observations that a bin must have on average before a score says anything: with fewer, chance alone passes for drift.</summary>
    public const int LeastSamplesOfBin = 50;

    /// <summary>Whether so many observations are enough for a score over so many bins.</summary>
    /// <param name="minSamples">What the user asks for besides.</param>
    public static bool IsEnough(long samples, int bins, long minSamples) => samples >= minSamples && samples >= (long)LeastSamplesOfBin * bins;

    /// <summary>
    /// The population stability index Σ(a − e)·ln(a ÷ e), in nats, both ratios at least <see cref="Floor"/> and not scaled again, exactly as
    /// the recording rule has it. By custom, under 0.1 is stable and over 0.2 a shift (N. Siddiqi, Credit Risk Scorecards, Wiley 2006,
    /// ch. 8); it is the divergence J of H. Jeffreys, Proc. R. Soc. A 186 (1946).
    /// </summary>
    public static double Psi(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        double score = 0, samples = Samples(expected, counts);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var actual = Math.Max(counts[bin] / samples, Floor);
            var ratio = Math.Max(expected[bin], Floor);
            score += (actual - ratio) * Math.Log(actual / ratio);
        }

        return score;
    }

    /// <summary>
    /// The Jensen–Shannon divergence to base 2, in bits, 0 to 1: the mean of both sides' Kullback–Leibler divergence from their middle
    /// (J. Lin, IEEE Trans. Inf. Theory 37 (1991) 145, eq. 4.1). An empty bin adds nothing.
    /// </summary>
    public static double JensenShannonDivergence(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        double score = 0, samples = Samples(expected, counts), total = Sum(expected);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            double actual = counts[bin] / samples, ratio = expected[bin] / total, middle = (actual + ratio) / 2;
            score += ((actual > 0 ? actual * Math.Log2(actual / middle) : 0) + (ratio > 0 ? ratio * Math.Log2(ratio / middle) : 0)) / 2;
        }

        // Rounding may leave a speck below 0 when both sides are the same.
        return Math.Max(0, score);
    }

    /// <summary>
    /// The root of <see cref="JensenShannonDivergence"/>, 0 to 1, which is a metric (D. M. Endres and J. E. Schindelin, IEEE Trans. Inf.
    /// Theory 49 (2003) 1858); SciPy's <c>jensenshannon</c> to base 2.
    /// </summary>
    public static double JensenShannonDistance(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts) =>
        Math.Sqrt(JensenShannonDivergence(expected, counts));

    /// <summary>
    /// The Kolmogorov–Smirnov statistic over bins in ascending order, 0 to 1: the largest distance between the two distribution functions
    /// (F. J. Massey, J. Am. Stat. Assoc. 46 (1951) 68), looked at where bins end. That is at most the statistic of the values themselves.
    /// Bins without an order, such as categories and the missing, do not belong in it.
    /// </summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        double largest = 0, seen = 0, foreseen = 0, samples = Samples(expected, counts), total = Sum(expected);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            seen += counts[bin] / samples;
            foreseen += expected[bin] / total;
            largest = Math.Max(largest, Math.Abs(seen - foreseen));
        }

        return largest;
    }

    /// <summary>The total variation distance ½·Σ|a − e|, 0 to 1 (D. A. Levin and Y. Peres, Markov Chains and Mixing Times, 2nd ed., prop. 4.2).</summary>
    public static double TotalVariation(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        double sum = 0, samples = Samples(expected, counts), total = Sum(expected);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            sum += Math.Abs((counts[bin] / samples) - (expected[bin] / total));
        }

        return sum / 2;
    }

    /// <summary>
    /// Pearson's χ² test of the counts against the expected ratios, Σ(n − N·e)² ÷ (N·e) (K. Pearson, Phil. Mag. 50 (1900) 157), its p-value
    /// being Q(degrees ÷ 2, χ² ÷ 2). A bin that is expected to be empty is left out while it is, and makes χ² infinite when it is not. With
    /// many samples a difference that nobody minds is significant.
    /// </summary>
    public static ChiSquareTest ChiSquare(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        double statistic = 0, samples = Samples(expected, counts), total = Sum(expected);
        var degrees = -1;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (expected[bin] == 0 && counts[bin] == 0)
            {
                continue;
            }

            var foreseen = samples * expected[bin] / total;
            statistic += (counts[bin] - foreseen) * (counts[bin] - foreseen) / foreseen;
            degrees++;
        }

        return new(statistic, degrees, degrees > 0 ? IncompleteGamma.UpperRegularized(degrees / 2.0, statistic / 2) : 1);
    }

    private static double Samples(ReadOnlySpan<double> expected, ReadOnlySpan<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, expected.Length, nameof(counts));
        long samples = 0;
        foreach (var count in counts)
        {
            samples += count;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1, nameof(counts));
        return samples;
    }

    private static double Sum(ReadOnlySpan<double> ratios)
    {
        double sum = 0;
        foreach (var ratio in ratios)
        {
            sum += ratio;
        }

        return sum;
    }
}

/// <param name="PValue">How likely chance alone brings a statistic as large as this, or larger.</param>
public readonly record struct ChiSquareTest(double Statistic, int DegreesOfFreedom, double PValue);
