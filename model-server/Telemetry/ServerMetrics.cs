using System.Diagnostics.Metrics;
using Slipway.Api;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// The server's metrics. Counters are rows of our own that observable instruments read; durations go to histograms of the SDK, which
/// have no observable form (what that costs a request is measured by <c>tests/Benchmarks</c>).
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Slipway.ModelServer";

    private readonly Meter _meter = new(MeterName);
    private readonly StripedCounters _requests = new(MetricCodes.All.Count);
    private readonly KeyValuePair<string, object?> _model;
    private readonly KeyValuePair<string, object?> _version;
    private readonly KeyValuePair<string, object?> _rest = new("protocol", "rest");
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _inferenceDuration;
    private double _loadSeconds;
    private ModelVersion? _loaded;

    public ServerMetrics(string model, string version, InFlight inFlight)
    {
        _model = new("model", model);
        _version = new("version", version);
        _requestDuration = Duration(ServerContract.Metrics.RequestDuration, "Time from a request's headers to its answer.");
        _inferenceDuration = Duration(ServerContract.Metrics.InferenceDuration, "Time inside the model.");
        _meter.CreateObservableCounter(ServerContract.Metrics.Requests, RequestCounts, unit: null, "Inference requests by how they ended.");
        _meter.CreateObservableGauge(
            ServerContract.Metrics.InFlightRequests, () => Measured(inFlight.Count), unit: null, "Inference requests accepted and not answered.");
        _meter.CreateObservableGauge(
            ServerContract.Metrics.ModelLoadDuration, () => Measured(Volatile.Read(ref _loadSeconds)), unit: null, "Time from start to a warm model.");
        _meter.CreateObservableGauge(
            ServerContract.Metrics.ModelLoaded, () => Measured(_loaded is null ? 0L : 1L), unit: null, "1 when the model answers requests.");
        _meter.CreateObservableGauge(ServerContract.Metrics.ModelInfo, Info, unit: null, "The bytes that are served.");
    }

    /// <summary>Inference requests that are over, however they ended.</summary>
    public long Requests => Enumerable.Range(0, MetricCodes.All.Count).Sum(_requests.Read);

    public void Requested(ErrorCode code, TimeSpan duration)
    {
        _requests.Add(MetricCodes.Index(code));
        _requestDuration.Record(duration.TotalSeconds, _model, _version, _rest);
    }

    public void Inferred(TimeSpan duration) => _inferenceDuration.Record(duration.TotalSeconds, _model, _version);

    public void Loaded(ModelVersion loaded, TimeSpan duration)
    {
        Volatile.Write(ref _loadSeconds, duration.TotalSeconds);
        Volatile.Write(ref _loaded, loaded);
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Duration(string name, string description) => _meter.CreateHistogram(
        name, unit: null, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets.Seconds });

    private Measurement<T> Measured<T>(T value) where T : struct => new(value, _model, _version);

    private IEnumerable<Measurement<long>> RequestCounts() =>
        MetricCodes.All.Select((code, index) => new Measurement<long>(_requests.Read(index), _model, _version, _rest, new("code", code)));

    private IEnumerable<Measurement<long>> Info() => Volatile.Read(ref _loaded) is { } loaded
        ? [new(1, _model, _version, new("digest", loaded.Digest), new("execution", "cpu"))]
        : [];
}
