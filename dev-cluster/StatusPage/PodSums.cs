using Slipway.Api;
using Slipway.Api.Monitoring;

namespace Slipway.DevCluster.StatusPage;

/// <summary>Adds up what pods counted.</summary>
internal static class PodSums
{
    public static RequestsView Requests(IEnumerable<ServerWindow> windows)
    {
        var versions = windows.SelectMany(window => window.Versions).ToList();
        return new(
            versions.Sum(version => version.Requests.Values.Sum()),
            versions.Sum(version => ServerContract.Metrics.FailedCodes.Sum(code => version.Requests.GetValueOrDefault(code))),
            versions.Sum(version => version.Slow));
    }

    /// <summary>Of one version, since another may have other bins; those that stray most first.</summary>
    public static IReadOnlyList<FeatureView> Features(IReadOnlyCollection<ServerWindow> windows, string version)
    {
        var covered = windows.Select(window => window.To - window.From).DefaultIfEmpty().Min();
        return
        [
            .. windows.SelectMany(window => window.Versions).Where(known => known.Version == version).SelectMany(known => known.Features)
                .GroupBy(feature => feature.Name, StringComparer.Ordinal)
                .Select(FeatureWindow.Sum)
                .Select(feature => Of(feature, covered))
                .OrderByDescending(feature => feature.Index),
        ];
    }

    /// <summary>Of each version that was told something of its predictions.</summary>
    public static IReadOnlyList<VersionAccuracy> Accuracy(IEnumerable<ServerWindow> windows) =>
    [
        .. windows.SelectMany(window => window.Versions).Where(version => version.Feedback is not null)
            .GroupBy(version => version.Version, version => version.Feedback!, StringComparer.Ordinal)
            .OrderBy(version => version.Key, StringComparer.Ordinal)
            .Select(version => VersionAccuracy.Of(version.Key, FeedbackWindow.Sum([.. version]))),
    ];

    /// <param name="covered">What all pods can tell of: one that has just begun saw a part of the season alone.</param>
    private static FeatureView Of(FeatureWindow feature, TimeSpan covered)
    {
        long[] counts = [.. feature.Counts];
        var rows = counts.Sum();
        var season = feature.Seasonality is { } text && GoDuration.TryParse(text, out var length) && length > covered ? text : null;
        return new(
            feature.Name,
            season is null && DriftScores.IsEnough(rows, counts.Length, minSamples: 1) ? DriftScores.Psi([.. feature.Expected], counts) : null,
            season,
            rows,
            [.. feature.Bins.Select((name, bin) => new BinView(name, feature.Expected[bin], rows == 0 ? 0 : (double)counts[bin] / rows))]);
    }
}
