using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// The versions in memory: brings one from storage to a warm model that answers, one at a time, and lets one go when the requests inside it
/// are answered. Opening it takes hold of the cache and of the storage's client.
/// </summary>
internal sealed class ModelRepository : IDisposable
{
    private readonly ServerSettings _settings;
    private readonly LiveState _live;
    private readonly ServerLifecycle _lifecycle;
    private readonly VersionTable _versions;
    private readonly ServerMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CacheFolder _cache;
    private readonly IModelStore _store;
    private readonly VersionFetcher _fetcher;
    private readonly VersionOpener _opener;
    private readonly SemaphoreSlim _loading = new(1);
    private readonly ConcurrentDictionary<string, Task> _leaving = new(StringComparer.Ordinal);

    /// <exception cref="ModelRejectedException">The cache cannot be used.</exception>
    public ModelRepository(
        ServerSettings settings, LiveState live, ServerLifecycle lifecycle, VersionTable versions, ServerMetrics metrics, TimeProvider clock, ILogger logger)
    {
        _settings = settings;
        _live = live;
        _lifecycle = lifecycle;
        _versions = versions;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _cache = CacheFolder.Open(settings.CacheDirectory, settings.CacheBytes);
        _store = ModelStores.Open(settings, clock);
        var retry = new StorageRetry(lifecycle.Trouble, clock, logger);
        Catalog = new VersionCatalog(_store, retry);
        Stored = new StoredVersions(_store, clock);
        _fetcher = new VersionFetcher(_store, _cache, retry, clock, logger);
        _opener = new VersionOpener(settings, live, metrics, clock, logger);
    }

    /// <summary>What storage holds.</summary>
    public VersionCatalog Catalog { get; }

    /// <summary>Whether storage holds a version, loaded or not.</summary>
    public StoredVersions Stored { get; }

    public string Address => _store.Address;

    /// <summary>Loads a version beside those that are loaded, and waits out storage trouble. Nothing happens when it is loaded already.</summary>
    /// <exception cref="ModelRejectedException">This version can never load as it is.</exception>
    /// <exception cref="TooManyVersionsException">As many as may be are loaded.</exception>
    public async Task LoadAsync(string version, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_leaving.TryGetValue(version, out var leaving))
            {
                await leaving.WaitAsync(cancellationToken);
            }

            if (!IsLoaded(version))
            {
                RequireRoom(version);
                await LoadIntoAsync(version, cancellationToken);
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Lets no request in any more, waits for those inside, and frees the memory.</summary>
    /// <param name="reason">A sentence for those who ask for the version; empty forgets that it was there.</param>
    /// <returns>False when the version is not loaded.</returns>
    public async Task<bool> UnloadAsync(string version, string reason)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_versions.Withdraw(version, reason) is not { } loaded)
        {
            return false;
        }

        _leaving[version] = over.Task;
        try
        {
            Log.Unloading(_logger, _settings.Model, version, loaded.Inside);
            await loaded.RetireAsync();
            _metrics.Forget(version);
            if (reason.Length > 0)
            {
                _versions.Set(version, VersionState.Unavailable, reason);
            }
            else
            {
                _versions.Remove(version);
            }

            Log.Unloaded(_logger, _settings.Model, version);
            return true;
        }
        finally
        {
            _leaving.TryRemove(version, out _);
            over.SetResult();
        }
    }

    public bool IsLoaded(string version) => _versions.Entries.Any(entry => entry.Version == version && entry.Loaded is not null);

    public void Dispose()
    {
        Stored.Dispose();
        _store.Dispose();
        _cache.Dispose();
        _loading.Dispose();
    }

    private void RequireRoom(string version)
    {
        var loaded = _versions.Entries.Where(entry => entry.State is VersionState.Ready or VersionState.Unloading).Select(entry => entry.Version).ToList();
        if (loaded.Count >= _settings.MaxLoadedVersions)
        {
            throw new TooManyVersionsException(
                $"Version {version} of model '{_settings.Model}' is not loaded: of {_settings.MaxLoadedVersions} versions at most, {loaded.Count} are in memory ({string.Join(", ", loaded)}). Unload one, or raise --max-loaded-versions.");
        }
    }

    private async Task LoadIntoAsync(string version, CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        _versions.Set(version, VersionState.Loading, "");
        try
        {
            var fetched = await FetchAsync(version, cancellationToken);
            Log.Fetched(_logger, version, _store.Address, fetched.Digest, _clock.GetElapsedTime(start));

            // Loading blocks for as long as the model is large; a thread of its own leaves the pool to the probes.
            var loaded = await Task.Factory.StartNew(
                () => _opener.Open(version, fetched, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var took = _clock.GetElapsedTime(start);
            loaded.Metrics.Loaded(
                new VersionFacts(loaded.Digest, loaded.Scheduler.Plan.Execution.Name(), () => loaded.Inside, () => loaded.Scheduler.QueuedRows), took);
            _lifecycle.Loaded(loaded);
            Log.Loaded(_logger, _settings.Model, version, took);
        }
        catch (ModelRejectedException exception)
        {
            _metrics.Forget(version);
            _versions.Set(version, VersionState.Unavailable, $"Version {version} cannot be loaded: {exception.Message}");
            throw;
        }
        catch
        {
            _metrics.Forget(version);
            _versions.Set(version, VersionState.Unavailable, $"Loading version {version} was given up; load it again.");
            throw;
        }
    }

    private ExpectedDigest ExpectedOf(string version) =>
        version == _settings.Version && _settings.Digest.Length > 0 ? new(_settings.Digest)
        : _live.Current.Expected is { } expected && expected.Version == version && expected.Uri == _settings.Uri.OriginalString ? new(expected.Digest, WasServed: true)
        : new("");

    private async Task<FetchedVersion> FetchAsync(string version, CancellationToken cancellationToken)
    {
        try
        {
            return await _fetcher.FetchAsync(version, () => ExpectedOf(version), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelRejectedException(
                $"The cache {_settings.CacheDirectory} cannot hold the version: {exception.Message} Give this server a writable folder with room for it.", exception);
        }
    }
}

/// <summary>As many versions as may be are in memory; <paramref name="sentence"/> says which, and what to do.</summary>
internal sealed class TooManyVersionsException(string sentence) : Exception(sentence);
