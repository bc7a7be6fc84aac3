using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Repository;

/// <summary>The load flow, from storage to a warm model that answers.</summary>
internal sealed class ModelLoader(
    ServerSettings settings, LiveState live, ServerLifecycle lifecycle, ServerMetrics metrics, TimeProvider clock, ILogger<ModelLoader> logger)
    : IDisposable
{
    private CacheFolder? _cache;

    /// <summary>Waits out storage trouble. When it returns, the server is ready.</summary>
    /// <exception cref="ModelRejectedException">This version can never load.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        _cache = CacheFolder.Open(settings.CacheDirectory, settings.CacheBytes);
        using var store = ModelStores.Open(settings, clock);
        var retry = new StorageRetry(lifecycle.Trouble, clock, logger);
        var fetched = await FetchAsync(new VersionFetcher(store, _cache, retry, clock, logger), cancellationToken);
        Log.Fetched(logger, settings.Version, store.Address, fetched.Digest, clock.GetElapsedTime(start));

        // Loading blocks for as long as the model is large; a thread of its own leaves the pool to the probes.
        var loaded = await Task.Factory.StartNew(
            () => new VersionOpener(settings, live, metrics, clock, logger).Open(settings.Version, fetched, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var took = clock.GetElapsedTime(start);
        loaded.Metrics.Loaded(
            new VersionFacts(loaded.Digest, loaded.Scheduler.Plan.Execution.Name(), () => loaded.Inside, () => loaded.Scheduler.QueuedRows), took);
        lifecycle.Loaded(loaded);
        Log.Loaded(logger, settings.Model, settings.Version, took);
    }

    /// <summary>Lets go of the cache.</summary>
    public void Dispose() => _cache?.Dispose();

    private async Task<FetchedVersion> FetchAsync(VersionFetcher fetcher, CancellationToken cancellationToken)
    {
        try
        {
            return await fetcher.FetchAsync(settings.Version, settings.Digest, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelRejectedException(
                $"The cache {settings.CacheDirectory} cannot hold the version: {exception.Message} Give this server a writable folder with room for it.", exception);
        }
    }
}
