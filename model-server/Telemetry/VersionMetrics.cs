using System.Diagnostics.Metrics;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Telemetry;

/// <summary>What is counted of one version. The request path adds to rows of our own and to the histograms that all versions share.</summary>
internal sealed class VersionMetrics
{
    private readonly ServerMetrics _server;
    private readonly StripedCounters _requests = new(MetricProtocols.All.Count * MetricCodes.All.Count);
    private readonly StripedCounters _slow = new(MetricProtocols.All.Count);
    private readonly KeyValuePair<string, object?> _model;
    private readonly KeyValuePair<string, object?> _version;
    private readonly KeyValuePair<string, object?>[] _protocols = [.. MetricProtocols.All.Select(name => new KeyValuePair<string, object?>("protocol", name))];
    private double _loadSeconds;

    public VersionMetrics(ServerMetrics server, string model, string version)
    {
        _server = server;
        _model = new("model", model);
        _version = new("version", version);
    }

    /// <summary>Digest and execution of the version while it is loaded, else null.</summary>
    public VersionFacts? Facts { get; private set; }

    public void Requested(Protocol protocol, ErrorCode code, TimeSpan duration)
    {
        _requests.Add(((int)protocol * MetricCodes.All.Count) + MetricCodes.Index(code));
        if (duration > _server.SlowThreshold)
        {
            _slow.Add((int)protocol);
        }

        _server.RequestDuration.Record(duration.TotalSeconds, _model, _version, _protocols[(int)protocol]);
    }

    /// <summary>One run of the model.</summary>
    public void Ran(TimeSpan duration, long rows)
    {
        _server.InferenceDuration.Record(duration.TotalSeconds, _model, _version);
        _server.BatchSize.Record(rows, _model, _version);
    }

    /// <summary>A call waited this long for a worker.</summary>
    public void Queued(TimeSpan duration) => _server.QueueDuration.Record(duration.TotalSeconds, _model, _version);

    public void Loaded(VersionFacts facts, TimeSpan duration)
    {
        Volatile.Write(ref _loadSeconds, duration.TotalSeconds);
        Facts = facts;
    }

    public void Unloaded() => Facts = null;

    public IEnumerable<Measurement<long>> RequestCounts() =>
        from protocol in Enumerable.Range(0, MetricProtocols.All.Count)
        from code in Enumerable.Range(0, MetricCodes.All.Count)
        select new Measurement<long>(
            _requests.Read((protocol * MetricCodes.All.Count) + code), _model, _version, _protocols[protocol], new("code", MetricCodes.All[code]));

    public IEnumerable<Measurement<long>> SlowCounts() =>
        Enumerable.Range(0, MetricProtocols.All.Count).Select(protocol => new Measurement<long>(_slow.Read(protocol), _model, _version, _protocols[protocol]));

    public Measurement<double> LoadSeconds() => new(Volatile.Read(ref _loadSeconds), _model, _version);

    public Measurement<long> IsLoaded() => new(Facts is null ? 0 : 1, _model, _version);

    public Measurement<T> Now<T>(Func<VersionFacts, T> read) where T : struct => new(Facts is { } facts ? read(facts) : default, _model, _version);

    public IEnumerable<Measurement<long>> Info() => Facts is { } facts
        ? [new(1, _model, _version, new("digest", facts.Digest), new("execution", facts.Execution))]
        : [];
}

/// <summary>What metrics tell of a version while it is loaded.</summary>
internal sealed record VersionFacts(string Digest, string Execution, Func<long> InFlight, Func<long> QueuedRows);
