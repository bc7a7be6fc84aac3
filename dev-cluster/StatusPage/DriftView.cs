using Slipway.Api;
using Slipway.Api.Monitoring;

namespace Slipway.DevCluster.StatusPage;

/// <summary>Adds up what pods counted.</summary>
internal static class DriftView
{
    private static readonly string[] Failures = ["internal", "unavailable", "deadline_exceeded", "resource_exhausted"];

    public static RequestsView Requests(IEnumerable<ServerWindow> windows)
    {
        var versions = windows.SelectMany(window => window.Versions).ToList();
        return new(
            versions.Sum(version => version.Requests.Values.Sum()),
            versions.Sum(version => Failures.Sum(code => version.Requests.GetValueOrDefault(code))),
            versions.Sum(version => version.Slow));
    }

    /// <summary>Those that stray most first.</summary>
    public static IReadOnlyList<FeatureView> Features(IEnumerable<ServerWindow> windows) =>
    [
        .. windows.SelectMany(window => window.Versions).SelectMany(version => version.Features)
            .GroupBy(feature => feature.Name, StringComparer.Ordinal)
            .Select(Add)
            .OrderByDescending(feature => feature.Index),
    ];

    private static FeatureView Add(IGrouping<string, FeatureWindow> features)
    {
        // While two versions are loaded each has bins of its own; the page shows those that came first.
        var first = features.First();
        var counts = first.Bins.Select((_, bin) => features.Where(feature => feature.Bins.SequenceEqual(first.Bins)).Sum(feature => feature.Counts[bin])).ToArray();
        var rows = counts.Sum();
        return new(
            features.Key,
            DriftScores.IsEnough(rows, counts.Length, minSamples: 1) ? DriftScores.Psi([.. first.Expected], counts) : null,
            rows,
            [.. first.Bins.Select((name, bin) => new BinView(name, first.Expected[bin], rows == 0 ? 0 : (double)counts[bin] / rows))]);
    }
}
