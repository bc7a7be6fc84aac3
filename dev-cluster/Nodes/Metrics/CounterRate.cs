namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>One reading of a counter.</summary>
internal readonly record struct Reading(DateTimeOffset Time, double Value);

/// <summary>How fast a counter grows, as <c>rate()</c> of Prometheus has it.</summary>
internal static class CounterRate
{
    /// <summary>A gap at an end of the window that is this many times as long as between readings means that the series began or ended inside.</summary>
    private const double LongGap = 1.1;

    /// <summary>
    /// Growth per second in the window that ends at <paramref name="end"/>, of the readings inside it in order of time. A counter that fell has
    /// started anew. What the readings do not cover at both ends is filled up at their own pace: whole where it is short, else by half a gap, and
    /// never back beyond where the counter was 0. Null for fewer than two readings.
    /// </summary>
    public static double? Of(IReadOnlyList<Reading> readings, DateTimeOffset end, TimeSpan window)
    {
        if (readings.Count < 2 || readings[^1].Time <= readings[0].Time)
        {
            return null;
        }

        var growth = Growth(readings);
        var covered = (readings[^1].Time - readings[0].Time).TotalSeconds;
        var gap = covered / (readings.Count - 1);
        var before = Filled((readings[0].Time - (end - window)).TotalSeconds, gap);
        var after = Filled((end - readings[^1].Time).TotalSeconds, gap);
        if (growth > 0 && readings[0].Value >= 0)
        {
            before = Math.Min(before, covered * (readings[0].Value / growth));
        }

        return growth * ((before + covered + after) / covered) / window.TotalSeconds;
    }

    private static double Filled(double missing, double gap) => missing < gap * LongGap ? missing : gap / 2;

    private static double Growth(IReadOnlyList<Reading> readings)
    {
        var growth = readings[^1].Value - readings[0].Value;
        for (var index = 1; index < readings.Count; index++)
        {
            growth += readings[index].Value < readings[index - 1].Value ? readings[index - 1].Value : 0;
        }

        return growth;
    }
}
