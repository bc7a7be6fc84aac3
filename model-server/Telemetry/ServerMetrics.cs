using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Telemetry;

/// <summary>The instruments that read the rows of every version. A series appears with all its values at 0 and goes with its version.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Slipway.ModelServer";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, VersionMetrics> _versions = new(StringComparer.Ordinal);
    private readonly Func<string, VersionMetrics> _create;
    private string? _kept;

    /// <param name="live">Says which requests are counted as slow.</param>
    public ServerMetrics(string model, LiveState live)
    {
        _create = version => new VersionMetrics(model, version, live);
        Counter(ServerContract.Metrics.Requests, "Inference requests by how they ended.", each => each.RequestCounts());
        Counter(ServerContract.Metrics.SlowRequests, "Inference requests that took longer than the latency objective.", each => each.SlowCounts());
        Gauge<long>(ServerContract.Metrics.InFlightRequests, "Inference requests accepted and not answered.", each => [each.Now(facts => facts.InFlight())]);
        Gauge<long>(ServerContract.Metrics.QueuedRows, "Rows that wait for the model.", each => [each.Now(facts => facts.QueuedRows())]);
        Gauge<double>(ServerContract.Metrics.ModelLoadDuration, "Time from the start of loading to a warm model.", each => [each.LoadSeconds()]);
        Gauge<long>(ServerContract.Metrics.ModelLoaded, "1 when the version answers requests.", each => [each.IsLoaded()]);
        Gauge<long>(ServerContract.Metrics.ModelInfo, "The bytes that are served, and how their calls are run.", each => each.Info());
    }

    /// <summary>Inference requests of the versions there are that are over, however they ended.</summary>
    public long Requests => _versions.Values.Sum(each => each.Requests);

    /// <summary>The rows where requests are counted that reach no version.</summary>
    /// <param name="version">The one that was asked for; empty when there is none that could be loaded or not.</param>
    public VersionMetrics Keep(string version)
    {
        _kept = version;
        return Of(version);
    }

    /// <summary>The rows of one version; made when first asked for.</summary>
    public VersionMetrics Of(string version) => _versions.GetOrAdd(version, _create);

    /// <summary>
    /// Ends the series of a version that is gone. The one that <see cref="Keep"/> was told of stays, with its counts, as not loaded.
    /// </summary>
    public void Forget(string version)
    {
        if (version == _kept)
        {
            Of(version).Unloaded();
        }
        else if (_versions.TryRemove(version, out var gone))
        {
            gone.Dispose();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        foreach (var version in _versions.Values)
        {
            version.Dispose();
        }
    }

    private void Counter(string name, string description, Func<VersionMetrics, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => _versions.Values.SelectMany(read), unit: null, description);

    private void Gauge<T>(string name, string description, Func<VersionMetrics, IEnumerable<Measurement<T>>> read) where T : struct =>
        _meter.CreateObservableGauge(name, () => _versions.Values.Where(each => each.Version.Length > 0).SelectMany(read), unit: null, description);
}
