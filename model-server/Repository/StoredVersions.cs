using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Tells whether storage holds a version, for clients that name any. What storage said is believed for a while, so that it is not asked as
/// often as clients please: its folders are listed no more than once in <see cref="Believed"/>, and one question is asked at a time.
/// </summary>
internal sealed class StoredVersions(IModelStore store, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _asking = new(1);
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);
    private HashSet<string> _folders = [];
    private long? _listed;

    /// <exception cref="StoreException">Storage does not say.</exception>
    public async Task<bool> HoldsAsync(string version, CancellationToken cancellationToken)
    {
        if (!ConfigCheck.IsVersion(version))
        {
            return false;
        }

        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (!_held.Contains(version))
            {
                await ListAsync(cancellationToken);
            }

            if (_held.Contains(version) || _absent.Contains(version) || (store.CanList && !_folders.Contains(version)))
            {
                return _held.Contains(version);
            }

            var files = await store.ListAsync(version, [VersionListing.ModelFile], RepositoryLimits.MostFiles, cancellationToken);
            var holds = files.Any(file => file.Path == VersionListing.ModelFile);
            (holds ? _held : _absent).Add(version);
            return holds;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        if (_listed is { } listed && clock.GetElapsedTime(listed) < Believed)
        {
            return;
        }

        if (store.CanList)
        {
            _folders = [.. await store.ListFoldersAsync(RepositoryLimits.MostFolders, cancellationToken)];
            _held.IntersectWith(_folders);
        }

        _absent.Clear();
        _listed = clock.GetTimestamp();
    }
}
