using Slipway.Api;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Puts counts into the words of <c>/window</c>.</summary>
internal static class WindowReport
{
    /// <param name="feedback">By version, of those too that are not loaded.</param>
    public static ServerWindow Of(string model, WindowCounts counts, IReadOnlyDictionary<string, FeedbackWindow> feedback) => new()
    {
        Model = model,
        From = counts.From,
        To = counts.To,
        LatencyScheme = LatencyBuckets.Scheme,
        Versions =
        [
            .. counts.Versions.Where(version => version.Features is null).Select(version => Of(version, counts) with { Feedback = feedback.GetValueOrDefault(version.Version) }),
            .. feedback.Where(each => counts.Versions.All(version => version.Version != each.Key)).Select(each => Unloaded(each.Key, each.Value)),
        ],
    };

    private static VersionWindow Unloaded(string version, FeedbackWindow feedback) => new()
    {
        Version = version,
        Since = feedback.From,
        Requests = MetricCodes.All.ToDictionary(code => code, _ => 0L),
        Feedback = feedback,
    };

    private static VersionWindow Of(VersionCounts version, WindowCounts counts)
    {
        var protocols = MetricProtocols.All.Select((name, i) => KeyValuePair.Create(name, Protocol(version, i))).ToDictionary();
        var latency = version.Row(WindowRow.Latency);
        return new()
        {
            Version = version.Version,
            Since = version.Since,
            Requests = MetricCodes.All.ToDictionary(code => code, code => protocols.Values.Sum(protocol => protocol.Requests[code])),
            Slow = protocols.Values.Sum(protocol => protocol.Slow),
            Latency = latency[..(latency.LastIndexOfAnyExcept(0) + 1)].ToArray(),
            Protocols = protocols,
            Features = [.. counts.Versions.Where(watched => watched.Version == version.Version).SelectMany(Features)],
        };
    }

    private static IEnumerable<FeatureWindow> Features(VersionCounts watched) => (watched.Features ?? []).Select(feature => new FeatureWindow
    {
        Name = feature.Name,
        Expected = feature.Expected,
        Bins = feature.Bins.Labels,
        Counts = watched.Rows[0].Slice(feature.FirstCell, feature.Bins.Count),
        Seasonality = feature.Seasonality,
    });

    private static ProtocolWindow Protocol(VersionCounts version, int protocol)
    {
        var requests = version.Row(WindowRow.Requests).Slice(protocol * MetricCodes.All.Count, MetricCodes.All.Count).ToArray();
        return new()
        {
            Requests = MetricCodes.All.Zip(requests, KeyValuePair.Create).ToDictionary(),
            Slow = version.Row(WindowRow.Slow)[protocol],
        };
    }
}
