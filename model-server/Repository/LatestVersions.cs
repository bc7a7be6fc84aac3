using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Serves the newest versions that storage holds. A new one answers before the one that it replaces leaves; one that cannot be loaded
/// changes nothing, and is tried again when its files have changed. What people load or unload by hand stays as they left it.
/// </summary>
internal sealed class LatestVersions(
    ServerSettings settings, ModelRepository repository, VersionTable versions, ServerLifecycle lifecycle, TimeProvider clock, ILogger logger)
    : IDisposable
{
    private readonly SemaphoreSlim _looking = new(1);
    private readonly Dictionary<string, IReadOnlyList<StoredFile>> _refused = new(StringComparer.Ordinal);

    // True for a version that was loaded by hand, false for one that was unloaded so.
    private readonly ConcurrentDictionary<string, bool> _byHand = new(StringComparer.Ordinal);
    private volatile bool _paused;

    /// <summary>Looks until some version answers requests.</summary>
    /// <exception cref="ModelRejectedException">There is no such repository.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        while (versions.Newest is null)
        {
            await WaitAsync(cancellationToken);
            await LookOnAsync(cancellationToken);
        }
    }

    /// <summary>Looks again and again, until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitAsync(cancellationToken);
            await LookOnAsync(cancellationToken);
        }
    }

    /// <summary>Asks storage once, and makes what is in memory what it should be.</summary>
    /// <exception cref="ModelRejectedException">There is no such repository any more.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            while (!_paused && !await IsDoneAsync(cancellationToken))
            {
                // A version was refused; the next older one is wanted in its place.
            }
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>Leaves a version in memory although it is not among the newest.</summary>
    public void Keep(string version) => _byHand[version] = true;

    /// <summary>Does not load a version although it is among the newest.</summary>
    public void HoldBack(string version) => _byHand[version] = false;

    /// <summary>Loads and unloads nothing until <see cref="Resume"/>.</summary>
    public void Pause() => _paused = true;

    /// <summary>Forgets what was asked for by hand.</summary>
    public void Resume()
    {
        _byHand.Clear();
        _paused = false;
    }

    public void Dispose() => _looking.Dispose();

    private async Task LookOnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (ModelRejectedException exception)
        {
            // What is in memory goes on answering.
            Tell(exception.Message);
        }
    }

    /// <returns>False when a version was refused, so that others are wanted.</returns>
    private async Task<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var wanted = await WantedAsync(seen, cancellationToken);
        ForgetRefusalsBut(seen);
        if (wanted.Count == 0)
        {
            // An empty folder is more likely a mistake than a wish to serve nothing.
            Tell(seen.Count == 0 ? $"{repository.Address} is looked at every {settings.PollInterval.TotalSeconds:0.###} s. {VersionCatalog.NoVersion}" : "");
            return true;
        }

        foreach (var version in wanted.Where(version => !repository.IsLoaded(version.Name)))
        {
            try
            {
                await repository.LoadAsync(version.Name, cancellationToken);
            }
            catch (ModelRejectedException exception)
            {
                Log.Refused(logger, version.Name, exception.Message);
                _refused[version.Name] = version.Files;
                return false;
            }
            catch (TooManyVersionsException exception)
            {
                Tell(exception.Message);
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Nobody foresaw this. It is told, and must not take the versions with it that answer.
                Log.LoadBroke(logger, exception, version.Name);
                _refused[version.Name] = version.Files;
                return false;
            }
        }

        foreach (var entry in versions.Entries.Where(entry => entry.Loaded is not null && !wanted.Exists(version => version.Name == entry.Version) && !IsKept(entry.Version)))
        {
            await repository.UnloadAsync(entry.Version, "");
        }

        return true;
    }

    private async Task<List<ListedVersion>> WantedAsync(HashSet<string> seen, CancellationToken cancellationToken)
    {
        var wanted = new List<ListedVersion>();
        await foreach (var version in repository.Catalog.NewestFirstAsync(repository.IsLoaded, cancellationToken))
        {
            seen.Add(version.Name);
            var isRefused = _refused.TryGetValue(version.Name, out var files) && files.SequenceEqual(version.Files);
            if (!isRefused && !IsHeldBack(version.Name))
            {
                wanted.Add(version);
                if (wanted.Count == settings.NewestVersions)
                {
                    break;
                }
            }
        }

        return wanted;
    }

    // Versions that went, or that newer ones have made uninteresting, are not told of for ever.
    private void ForgetRefusalsBut(HashSet<string> seen)
    {
        foreach (var version in _refused.Keys.Where(version => !seen.Contains(version)).ToList())
        {
            _refused.Remove(version);
            versions.Remove(version);
        }
    }

    private bool IsKept(string version) => _byHand.TryGetValue(version, out var kept) && kept;

    private bool IsHeldBack(string version) => _byHand.TryGetValue(version, out var kept) && !kept;

    private void Tell(string trouble)
    {
        lifecycle.Trouble(trouble);
        if (trouble.Length > 0)
        {
            Log.NothingNewer(logger, trouble);
        }
    }

    // Servers that were started together must not ask together for ever.
    private Task WaitAsync(CancellationToken cancellationToken) =>
        Task.Delay(settings.PollInterval * (0.9 + (Random.Shared.NextDouble() / 5)), clock, cancellationToken);
}
