using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Api;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// The server's instruments. Counters are rows of our own, a set for each version, which observable instruments read; durations and sizes
/// go to histograms of the SDK, which have no observable form (what that costs a request is measured by <c>tests/Benchmarks</c>).
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Slipway.ModelServer";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, VersionMetrics> _versions = new(StringComparer.Ordinal);
    private readonly string _model;

    /// <param name="slowThreshold">Requests that take longer are counted as slow.</param>
    public ServerMetrics(string model, TimeSpan slowThreshold)
    {
        _model = model;
        SlowThreshold = slowThreshold;
        RequestDuration = Histogram(ServerContract.Metrics.RequestDuration, "Time from a request's headers to its answer.", DurationBuckets.Seconds);
        InferenceDuration = Histogram(ServerContract.Metrics.InferenceDuration, "Time inside the model.", DurationBuckets.Seconds);
        QueueDuration = Histogram(ServerContract.Metrics.QueueDuration, "Time that a request waited for the model.", DurationBuckets.Seconds);
        BatchSize = Histogram(ServerContract.Metrics.BatchSize, "Rows that ran together.", [.. Enumerable.Range(0, 11).Select(power => Math.Pow(2, power))]);
        Counter(ServerContract.Metrics.Requests, "Inference requests by how they ended.", each => each.RequestCounts());
        Counter(ServerContract.Metrics.SlowRequests, "Inference requests that took longer than the latency objective.", each => each.SlowCounts());
        Gauge<long>(ServerContract.Metrics.InFlightRequests, "Inference requests accepted and not answered.", each => [each.Now(facts => facts.InFlight())]);
        Gauge<long>(ServerContract.Metrics.QueuedRows, "Rows that wait for the model.", each => [each.Now(facts => facts.QueuedRows())]);
        Gauge<double>(ServerContract.Metrics.ModelLoadDuration, "Time from the start of loading to a warm model.", each => [each.LoadSeconds()]);
        Gauge<long>(ServerContract.Metrics.ModelLoaded, "1 when the version answers requests.", each => [each.IsLoaded()]);
        Gauge<long>(ServerContract.Metrics.ModelInfo, "The bytes that are served, and how their calls are run.", each => each.Info());
    }

    public TimeSpan SlowThreshold { get; }

    public Histogram<double> RequestDuration { get; }

    public Histogram<double> InferenceDuration { get; }

    public Histogram<double> QueueDuration { get; }

    public Histogram<double> BatchSize { get; }

    /// <summary>The rows of one version; made when first asked for, with every code at 0.</summary>
    public VersionMetrics Of(string version) => _versions.GetOrAdd(version, static (name, server) => new VersionMetrics(server, server._model, name), this);

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Histogram(string name, string description, IReadOnlyList<double> bounds) => _meter.CreateHistogram(
        name, unit: null, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private void Counter(string name, string description, Func<VersionMetrics, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => _versions.Values.SelectMany(read), unit: null, description);

    private void Gauge<T>(string name, string description, Func<VersionMetrics, IEnumerable<Measurement<T>>> read) where T : struct =>
        _meter.CreateObservableGauge(name, () => _versions.Values.SelectMany(read), unit: null, description);
}
