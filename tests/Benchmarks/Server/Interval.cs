namespace Slipway.Benchmarks.Server;

/// <summary>A median and its 95 % interval by the percentile bootstrap (Efron 1979), seeded so that the same numbers give the same interval.</summary>
internal readonly record struct Interval(double Value, double Low, double High)
{
    private const int Resamples = 2000;

    /// <param name="values">At least one.</param>
    public static Interval Of(IReadOnlyList<double> values)
    {
        var random = new Random(7);
        var medians = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            medians[i] = Median([.. Enumerable.Range(0, values.Count).Select(_ => values[random.Next(values.Count)])]);
        }

        Array.Sort(medians);
        return new(Median(values), medians[(int)(0.025 * Resamples)], medians[(int)(0.975 * Resamples) - 1]);
    }

    /// <summary>What was counted and not sampled.</summary>
    public static Interval Exactly(double value) => new(value, value, value);

    private static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
