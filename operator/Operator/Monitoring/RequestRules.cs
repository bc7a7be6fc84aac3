using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>What dashboards show of requests; and the alert about a model that nobody asks.</summary>
internal static class RequestRules
{
    public const string NoTraffic = "SlipwayNoTraffic";

    /// <summary>Matches requests that failed through the server, and not through who sent them.</summary>
    public static readonly string Failed = $"code=~\"{string.Join('|', ServerContract.Metrics.FailedCodes)}\"";

    private const string Window = "5m";
    private const string Requests = "version:slipway_requests:rate5m";

    public static RuleGroup Build(ModelSeries series, NoTrafficSpec? noTraffic) => new()
    {
        Name = "requests",
        Interval = "30s",
        Rules =
        [
            Rule.Recording(Requests, series.Rate(ModelSeries.ByVersion, ServerContract.Metrics.Requests, Window)),
            Rule.Recording(
                "version:slipway_request_failures_per_requests:ratio_rate5m",
                $"{series.Rate(ModelSeries.ByVersion, ServerContract.Metrics.Requests, Window, Failed)}\n/ ({series.Select(Requests)} > 0)"),
            .. ((string[])["0.5", "0.9", "0.99"]).Select(quantile => Quantile(series, quantile)),
            .. noTraffic is null ? Array.Empty<Rule>() : [Silence(series, noTraffic)],
        ],
    };

    private static Rule Quantile(ModelSeries series, string quantile) => Rule.Recording(
        "version_quantile:slipway_request_duration_seconds:histogram_quantile",
        $"histogram_quantile({quantile}, {series.Rate($"{ModelSeries.ByVersion}, le", $"{ServerContract.Metrics.RequestDuration}_bucket", Window)})") with
    {
        Labels = new Dictionary<string, string> { ["quantile"] = quantile },
    };

    /// <summary>
    /// A model without pods has no series, and is somebody else's alert. The rate falls to 0 when the last request is as old as its window, which is
    /// part of the silence; a model that has just begun has a rate of 0 at once, and is to have been there for as long first.
    /// </summary>
    private static Rule Silence(ModelSeries series, NoTrafficSpec noTraffic) => Alert.Of(
        NoTraffic,
        Alert.Warning,
        $"sum by ({ModelSeries.ByModel}) ({series.Select(Requests)}) == 0\nand sum by ({ModelSeries.ByModel}) ({series.Select(Requests)} offset {Window})",
        GoDuration.Parse(noTraffic.For) - GoDuration.Parse(Window),
        null,
        "Nobody asks model {{ $labels.namespace }}/{{ $labels.model }}.",
        $"Pods of the model run, and none has had a request for {noTraffic.For}: its clients may be down, or ask somewhere else.");
}
