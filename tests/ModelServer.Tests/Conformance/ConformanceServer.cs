using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>One server, in which one model after the other is loaded: a server each would take an hour.</summary>
internal sealed class ConformanceServer : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly ModelFolder _folder;
    private readonly ServerMetrics _metrics;
    private readonly VersionOpener _opener;
    private readonly GrpcConformanceClient _grpc;
    private readonly string _version;

    private ConformanceServer(TestServer server, ModelFolder folder, BatchingMode batching)
    {
        var settings = TestServer.Settings(folder) with { Batching = new BatchingSettings { Mode = batching } };
        _server = server;
        _folder = folder;
        _version = settings.Version;
        var live = new LiveState(settings.Live);
        _metrics = new ServerMetrics(settings.Model, live, TimeProvider.System);
        _opener = new VersionOpener(settings, live, _metrics, TimeProvider.System, NullLogger.Instance);
        _grpc = new GrpcConformanceClient(server);
        var plane = new ServingDataPlane(
            settings.Model,
            server.Host.Versions,
            new ServerLifecycle(settings.Model, _version, server.Host.Versions),
            new InFlight(),
            _metrics.Of(_version),
            settings.RequestTimeout,
            TimeProvider.System)
        {
            Log = new RequestLog(live, NullLogger.Instance),
        };
        Clients = [new DataPlaneClient(plane), new RestClient(server), _grpc];
    }

    public IReadOnlyList<IConformanceClient> Clients { get; }

    public static async Task<ConformanceServer> StartAsync(BatchingMode batching, CancellationToken cancellationToken)
    {
        var folder = new ModelFolder();
        return new(await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken), folder, batching);
    }

    /// <summary>Serves a model for as long as <paramref name="use"/> takes.</summary>
    public async Task ServeAsync(string modelFile, Func<ModelVersion, Task> use, CancellationToken cancellationToken)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(modelFile)))}";
        var loaded = _opener.Open(_version, new FetchedVersion(modelFile, digest), cancellationToken);
        _server.Host.Versions.Add(loaded);
        try
        {
            await use(loaded);
        }
        finally
        {
            _server.Host.Versions.Withdraw(_version, "The test is over.");
            await loaded.RetireAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _grpc.Dispose();
        await _server.DisposeAsync();
        _metrics.Dispose();
        _folder.Dispose();
    }
}
