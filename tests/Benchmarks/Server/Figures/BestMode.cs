namespace Slipway.Benchmarks.Server.Figures;

/// <summary>One side against the best of others.</summary>
internal static class BestMode
{
    /// <summary>
    /// The best is the one with the least median over all rounds: the least of each round would be the luckiest, and would make any side look
    /// worse than it is.
    /// </summary>
    /// <param name="side">By round.</param>
    /// <param name="others">By side and round; at least one.</param>
    public static Interval Ratio(double[] side, double[][] others)
    {
        var best = others.MinBy(other => Interval.Of(other).Value)!;
        return Interval.Of([.. side.Zip(best, (mine, its) => mine / its)]);
    }
}
