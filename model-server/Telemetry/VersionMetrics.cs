using System.Diagnostics.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// What is counted of one version. Counters are rows of our own; durations and sizes go to histograms of the SDK, which have no observable
/// form (what that costs a request is measured by <c>tests/Benchmarks</c>). All hang on a meter of the version's own, since the SDK keeps a
/// series for as long as its meter lives, and shows no more of them than its limit.
/// </summary>
internal sealed class VersionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly LiveState _live;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _inferenceDuration;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _batchSize;
    private readonly StripedCounters _requests = new(MetricProtocols.All.Count * MetricCodes.All.Count);
    private readonly StripedCounters _slow = new(MetricProtocols.All.Count);
    private readonly StripedCounters _latency = new(LatencyBuckets.Count);
    private readonly WindowRing _window;
    private readonly WindowRows _rows;
    private readonly KeyValuePair<string, object?> _model;
    private readonly KeyValuePair<string, object?> _version;
    private readonly KeyValuePair<string, object?>[] _protocols = [.. MetricProtocols.All.Select(name => new KeyValuePair<string, object?>("protocol", name))];
    private double _loadSeconds;
    private volatile DriftSeries? _drift;

    /// <param name="live">Says which requests are counted as slow.</param>
    /// <param name="window">Keeps what was counted minute by minute.</param>
    public VersionMetrics(string model, string version, LiveState live, WindowRing window)
    {
        Version = version;
        _live = live;
        _model = new("model", model);
        _version = new("version", version);
        _meter = new Meter(new MeterOptions(ServerMetrics.MeterName) { Tags = [_version] });
        _requestDuration = Histogram(ServerContract.Metrics.RequestDuration, "Time from a request's headers to its answer.", Buckets.Seconds);
        _inferenceDuration = Histogram(ServerContract.Metrics.InferenceDuration, "Time inside the model.", Buckets.Seconds);
        _queueDuration = Histogram(ServerContract.Metrics.QueueDuration, "Time that a request waited for the model.", Buckets.Seconds);
        _batchSize = Histogram(ServerContract.Metrics.BatchSize, "Rows that ran together.", Buckets.Rows);
        _meter.CreateObservableCounter(ServerContract.Metrics.Requests, RequestCounts, unit: null, "Inference requests by how they ended.");
        _meter.CreateObservableCounter(ServerContract.Metrics.SlowRequests, SlowCounts, unit: null, "Inference requests that took longer than the latency objective, or than 1 s without one, not counting those that failed through the client.");
        if (version.Length > 0)
        {
            Gauge(ServerContract.Metrics.InFlightRequests, "Inference requests accepted and not answered.", () => Facts?.InFlight() ?? 0);
            Gauge(ServerContract.Metrics.QueuedRows, "Rows that wait for the model.", () => Facts?.QueuedRows() ?? 0);
            Gauge(ServerContract.Metrics.ModelLoadDuration, "Time from the start of loading to a warm model.", () => Volatile.Read(ref _loadSeconds));
            Gauge(ServerContract.Metrics.ModelLoaded, "1 when the version answers requests.", () => Facts is null ? 0L : 1L);
            _meter.CreateObservableGauge(ServerContract.Metrics.ModelInfo, Info, unit: null, "The bytes that are served, and how their calls are run.");
        }

        _window = window;
        _rows = window.Add(version, _requests, _slow, _latency);
    }

    public string Version { get; }

    /// <summary>The sums of the statistics extension.</summary>
    public VersionStatistics Statistics { get; } = new();

    /// <summary>Digest and execution of the version while it is loaded, else null.</summary>
    public VersionFacts? Facts { get; private set; }

    /// <summary>Inference requests that are over, however they ended.</summary>
    public long Requests => Enumerable.Range(0, MetricProtocols.All.Count * MetricCodes.All.Count).Sum(_requests.Read);

    /// <param name="wasWhole">Whether the client had sent all of it: one that goes away from then on was kept waiting.</param>
    public void Requested(Protocol protocol, ErrorCode code, TimeSpan duration, bool wasWhole)
    {
        _window.Turn();
        _requests.Add(((int)protocol * MetricCodes.All.Count) + MetricCodes.Index(code));
        Statistics.Ended(code == ErrorCode.Ok, duration);
        if (duration > _live.Current.SlowThreshold && IsServersDoing(code, wasWhole))
        {
            _slow.Add((int)protocol);
        }

        _latency.Add(LatencyBuckets.Index(duration));
        _requestDuration.Record(duration.TotalSeconds, _model, _version, _protocols[(int)protocol]);
    }

    /// <summary>One run of the model.</summary>
    /// <param name="calls">Calls that ran together.</param>
    /// <param name="joining">What it took to lay their inputs side by side.</param>
    public void Ran(TimeSpan duration, long rows, int calls = 1, TimeSpan joining = default)
    {
        Statistics.Ran(duration, rows, calls, joining);
        _inferenceDuration.Record(duration.TotalSeconds, _model, _version);
        _batchSize.Record(rows, _model, _version);
    }

    /// <summary>An answer was written; the tensors of the request and of the answer are still there.</summary>
    /// <param name="writing">What it took to write it.</param>
    public void Answered(in InferResult result, TimeSpan writing)
    {
        Statistics.Wrote(writing);
        if (_drift is { } drift)
        {
            _window.Turn();
            drift.Plan.Observe(result);
        }
    }

    /// <summary>A call waited this long for a worker.</summary>
    public void Queued(TimeSpan duration)
    {
        Statistics.Queued(duration);
        _queueDuration.Record(duration.TotalSeconds, _model, _version);
    }

    public void Loaded(VersionFacts facts, TimeSpan duration)
    {
        Volatile.Write(ref _loadSeconds, duration.TotalSeconds);
        Facts = facts;
    }

    /// <summary>Counts what a version that is being loaded observes, until it is unloaded.</summary>
    public void Watch(DriftPlan plan) => _drift = new DriftSeries(plan, _model, Version, _window);

    public void Unloaded()
    {
        Facts = null;
        _drift?.Dispose();
        _drift = null;
    }

    public void Dispose()
    {
        Unloaded();
        _window.Remove(_rows);
        _meter.Dispose();
    }

    // A slow upload that comes to nothing must not use up an error budget.
    private static bool IsServersDoing(ErrorCode code, bool wasWhole) => code switch
    {
        ErrorCode.InvalidArgument or ErrorCode.TooLarge or ErrorCode.TooSlow or ErrorCode.NotFound => false,
        ErrorCode.Cancelled => wasWhole,
        _ => true,
    };

    private IEnumerable<Measurement<long>> RequestCounts() =>
        from protocol in Enumerable.Range(0, MetricProtocols.All.Count)
        from code in Enumerable.Range(0, MetricCodes.All.Count)
        select new Measurement<long>(
            _requests.Read((protocol * MetricCodes.All.Count) + code), _model, _version, _protocols[protocol], new("code", MetricCodes.All[code]));

    private IEnumerable<Measurement<long>> SlowCounts() =>
        Enumerable.Range(0, MetricProtocols.All.Count).Select(protocol => new Measurement<long>(_slow.Read(protocol), _model, _version, _protocols[protocol]));

    private IEnumerable<Measurement<long>> Info() => Facts is { } facts
        ? [new(1, _model, _version, new("digest", facts.Digest), new("execution", facts.Execution))]
        : [];

    private void Gauge<T>(string name, string description, Func<T> read) where T : struct =>
        _meter.CreateObservableGauge(name, () => new Measurement<T>(read(), _model, _version), unit: null, description);

    private Histogram<double> Histogram(string name, string description, IReadOnlyList<double> bounds) => _meter.CreateHistogram(
        name, unit: null, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}

/// <summary>What metrics tell of a version while it is loaded.</summary>
internal sealed record VersionFacts(string Digest, string Execution, Func<long> InFlight, Func<long> QueuedRows);
