using Slipway.Api;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>The figures by which model servers are scaled, from what they count: the same formulas as the rules for prometheus-adapter that the chart ships.</summary>
internal static class ServerFigures
{
    private const string DurationSum = $"{ServerContract.Metrics.RequestDuration}_sum";
    private const string QueueSum = $"{ServerContract.Metrics.QueueDuration}_sum";
    private const string QueueCount = $"{ServerContract.Metrics.QueueDuration}_count";
    private const double MillisecondsPerSecond = 1000;

    public static readonly IReadOnlyList<string> Names =
        [ServerContract.Metrics.ScalingConcurrency, ServerContract.Metrics.ScalingQueueTime, ServerContract.Metrics.ScalingRequestsPerSecond];

    /// <summary>The counters that they are made of.</summary>
    public static readonly IReadOnlySet<string> Counters = new HashSet<string>([DurationSum, ServerContract.Metrics.Requests, QueueSum, QueueCount], StringComparer.Ordinal);

    /// <summary>
    /// Null when nothing can be said: fewer than two scrapes in the window. A pod that was not asked has 0.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="scrapes">Of one pod, in order of time.</param>
    /// <param name="end">Where the window ends.</param>
    /// <param name="window">How far back to look.</param>
    public static double? Of(string name, IReadOnlyList<Scrape> scrapes, DateTimeOffset end, TimeSpan window)
    {
        var inside = scrapes.Where(scrape => scrape.Time > end - window && scrape.Time <= end).ToList();
        double? Rate(string counter) => SumOfRates(counter, inside, end, window);
        double? Zero() => 0 * Rate(ServerContract.Metrics.Requests);
        return name switch
        {
            ServerContract.Metrics.ScalingConcurrency => Rate(DurationSum) ?? Zero(),
            ServerContract.Metrics.ScalingRequestsPerSecond => Rate(ServerContract.Metrics.Requests),
            ServerContract.Metrics.ScalingQueueTime => Rate(QueueCount) is { } count and > 0 ? MillisecondsPerSecond * Rate(QueueSum) / count : Zero(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no figure of the server"),
        };
    }

    /// <summary>Rates first: summed up before, a series that comes or goes would look like requests, or like a restart.</summary>
    private static double? SumOfRates(string counter, List<Scrape> inside, DateTimeOffset end, TimeSpan window)
    {
        var rates = inside.SelectMany(scrape => scrape.Named(counter)).Distinct(StringComparer.Ordinal)
            .Select(series => CounterRate.Of([.. inside.Where(scrape => scrape.Series.ContainsKey(series)).Select(scrape => new Reading(scrape.Time, scrape.Series[series]))], end, window))
            .OfType<double>()
            .ToList();
        return rates.Count == 0 ? null : rates.Sum();
    }
}
