using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// Tells what a version that has a baseline observes, for as long as it is loaded: every bin from the start, at 0. The instruments hang on a
/// meter of its own, so that each version has room for as many series as a baseline may have bins.
/// </summary>
internal sealed class DriftSeries : IDisposable
{
    /// <summary>Of one version; the SDK hides what is over its limit.</summary>
    public const int Most = BaselineBounds.MostFeatures * BaselineBounds.MostBins;

    private readonly Meter _meter;
    private readonly WindowRing _window;
    private readonly WindowRows _rows;

    public DriftSeries(DriftPlan plan, KeyValuePair<string, object?> model, string version, WindowRing window)
    {
        Plan = plan;
        _window = window;
        _rows = window.Add(version, plan.Features, plan.Counters);
        _meter = new Meter(new MeterOptions(ServerMetrics.MeterName) { Tags = [new("version", version)] });
        var bins = Bins(plan, model, new("version", version));
        _meter.CreateObservableCounter(
            ServerContract.Metrics.DriftObservations,
            () => bins.Select((bin, cell) => new Measurement<long>(plan.Counters.Read(cell), bin.Tags)),
            unit: null,
            "Rows of answered requests by the bin that a feature of them fell into.");
        _meter.CreateObservableGauge(
            ServerContract.Metrics.DriftExpectedRatio,
            () => bins.Select(bin => new Measurement<double>(bin.Expected, bin.Tags)),
            unit: null,
            "Share of the training rows whose feature fell into the bin.");
        var seasons = Seasons(plan, model, new("version", version));
        _meter.CreateObservableGauge(
            ServerContract.Metrics.DriftSeasonality, () => seasons, unit: null, "The period in which the distribution of a feature comes round, of those that have one.");
    }

    public DriftPlan Plan { get; }

    /// <summary>Makes room for all bins of a version: the SDK's own limit is below what a baseline may have.</summary>
    public static void AddViews(MeterProviderBuilder metrics)
    {
        foreach (var name in (string[])[ServerContract.Metrics.DriftObservations, ServerContract.Metrics.DriftExpectedRatio])
        {
            metrics.AddView(name, new MetricStreamConfiguration { CardinalityLimit = Most });
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _window.Remove(_rows);
    }

    private static Measurement<double>[] Seasons(DriftPlan plan, KeyValuePair<string, object?> model, KeyValuePair<string, object?> version) =>
    [
        .. from feature in plan.Features
           where feature.Season > TimeSpan.Zero
           select new Measurement<double>(feature.Season.TotalSeconds, model, version, new("feature", feature.Name)),
    ];

    private static (double Expected, KeyValuePair<string, object?>[] Tags)[] Bins(
        DriftPlan plan, KeyValuePair<string, object?> model, KeyValuePair<string, object?> version) =>
    [
        .. from feature in plan.Features
           from bin in feature.Expected.Zip(feature.Bins.Labels)
           select (bin.First, new KeyValuePair<string, object?>[] { model, version, new("feature", feature.Name), new("bin", bin.Second) }),
    ];
}
