namespace Slipway.Benchmarks.Server;

/// <summary>Percentiles by the nearest rank: always one of the values, never a number between two.</summary>
internal static class Percentile
{
    /// <param name="sorted">In rising order, at least one.</param>
    /// <param name="share">More than 0 and at most 1, such as 0.99.</param>
    public static double Of(ReadOnlySpan<double> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length);
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
