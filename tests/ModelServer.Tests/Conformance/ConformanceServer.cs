using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>The server's core, in which one model after the other is loaded: a server each would take an hour.</summary>
internal sealed class ConformanceServer : IAsyncDisposable
{
    private const string Model = "m";
    private const string Version = "1";

    private readonly VersionTable _versions = new();
    private readonly ServerMetrics _metrics = new(Model, TimeSpan.FromSeconds(1));
    private readonly VersionOpener _opener;

    public ConformanceServer(BatchingMode batching = BatchingMode.Off)
    {
        var settings = new ServerSettings
        {
            Model = Model,
            Uri = new Uri("file:///none"),
            Version = Version,
            Batching = new BatchingSettings { Mode = batching },
        };
        _opener = new VersionOpener(settings, _metrics, TimeProvider.System, NullLogger.Instance);
        var plane = new ServingDataPlane(
            Model, _versions, new ServerLifecycle(Model, Version, _versions), new InFlight(), _metrics.Of(Version), settings.RequestTimeout, TimeProvider.System);
        Clients = [new DataPlaneClient(plane)];
    }

    public IReadOnlyList<IConformanceClient> Clients { get; }

    /// <summary>Serves a model for as long as <paramref name="use"/> takes.</summary>
    public async Task ServeAsync(string modelFile, Func<ModelVersion, Task> use, CancellationToken cancellationToken)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(modelFile)))}";
        var loaded = _opener.Open(Version, new FetchedVersion(modelFile, digest), cancellationToken);
        _versions.Add(loaded);
        try
        {
            await use(loaded);
        }
        finally
        {
            _versions.Withdraw(Version, "The test is over.");
            await loaded.RetireAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}
