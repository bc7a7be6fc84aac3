using System.Collections.Concurrent;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Telemetry;

/// <summary>What is counted of each version there is. A series appears with all its values at 0 and goes with its version.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Slipway.ModelServer";

    private readonly ConcurrentDictionary<string, VersionMetrics> _versions = new(StringComparer.Ordinal);
    private readonly Lock _creating = new();
    private readonly Func<string, VersionMetrics> _create;
    private string? _kept;

    /// <param name="live">Says which requests are counted as slow.</param>
    public ServerMetrics(string model, LiveState live, TimeProvider clock)
    {
        Window = new WindowRing(clock, WindowRing.MostBytes);
        _create = version => new VersionMetrics(model, version, live, Window);
    }

    /// <summary>Inference requests of the versions there are that are over, however they ended.</summary>
    public long Requests => _versions.Values.Sum(each => each.Requests);

    /// <summary>What was counted minute by minute.</summary>
    public WindowRing Window { get; }

    /// <summary>The rows where requests are counted that reach no version.</summary>
    /// <param name="version">The one that was asked for; empty when there is none that could be loaded or not.</param>
    public VersionMetrics Keep(string version)
    {
        _kept = version;
        return Of(version);
    }

    /// <summary>The rows of one version; made when first asked for.</summary>
    public VersionMetrics Of(string version)
    {
        // Rows that were made twice would be read twice.
        lock (_creating)
        {
            return _versions.GetOrAdd(version, _create);
        }
    }

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
        foreach (var version in _versions.Values)
        {
            version.Dispose();
        }
    }
}
