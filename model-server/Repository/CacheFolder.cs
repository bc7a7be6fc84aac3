using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// The folder that versions are downloaded to, one folder per digest. One server owns it for as long as it lives. What an earlier one had
/// verified is kept, within bounds, and what it had only begun is removed.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    private const string LockName = ".lock";
    private const string DigestStart = "sha256:";
    private const int HashDigits = 64;

    private readonly string _root;
    private readonly long _mostBytes;
    private readonly Func<long> _freeBytes;
    private readonly FileStream _lock;

    private CacheFolder(string root, long mostBytes, Func<long> freeBytes, FileStream @lock)
    {
        _root = root;
        _mostBytes = mostBytes;
        _freeBytes = freeBytes;
        _lock = @lock;
    }

    private string Versions => Path.Combine(_root, "versions");

    private string Incoming => Path.Combine(_root, "incoming");

    /// <param name="mostBytes">Versions together take no more than this, but for a single one that is larger.</param>
    /// <param name="freeBytes">Room on the disk; null asks the disk.</param>
    /// <exception cref="ModelRejectedException">The folder cannot be made or is in use by another server.</exception>
    public static CacheFolder Open(string root, long mostBytes, Func<long>? freeBytes = null)
    {
        try
        {
            Directory.CreateDirectory(root);
            var held = new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new CacheFolder(root, mostBytes, freeBytes ?? (() => new DriveInfo(Path.GetFullPath(root)).AvailableFreeSpace), held);
            folder.Clean();
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelRejectedException(
                $"The cache {root} cannot be used: {exception.Message} Give this server a writable folder of its own with --cache.", exception);
        }
    }

    /// <summary>An empty folder for files that are not verified yet.</summary>
    public CachedVersion NewIncoming()
    {
        Remove(Incoming);
        var incoming = new CachedVersion(Incoming);
        Directory.CreateDirectory(incoming.Files);
        return incoming;
    }

    /// <summary>Puts verified files where they are loaded from, in one step.</summary>
    public CachedVersion Place(CachedVersion incoming, string digest)
    {
        var path = PathOf(digest);
        Remove(path);
        Directory.CreateDirectory(Versions);
        Directory.Move(incoming.Folder, path);
        return new CachedVersion(path);
    }

    /// <summary>A version that an earlier run placed; its files may have been changed since.</summary>
    /// <returns>Null when there is none.</returns>
    public CachedVersion? Find(string digest) => Directory.Exists(PathOf(digest)) ? new CachedVersion(PathOf(digest)) : null;

    /// <summary>All versions, by digest.</summary>
    public IEnumerable<(string Digest, CachedVersion Version)> All() => Entries().Select(entry => (DigestStart + entry.Name, new CachedVersion(entry.FullName)));

    public void Forget(string digest) => Remove(PathOf(digest));

    /// <summary>Removes what was used longest ago until <paramref name="bytes"/> more fit, both the bound and the disk.</summary>
    /// <exception cref="IOException">The disk has no room even so.</exception>
    public void MakeRoom(long bytes)
    {
        var old = Entries().Select(entry => (Entry: entry, Size: SizeOf(entry))).OrderByDescending(found => found.Entry.LastWriteTimeUtc).ToList();
        var used = old.Sum(found => found.Size);
        while (old.Count > 0 && (used + bytes > _mostBytes || old.Count >= RepositoryLimits.MostCachedVersions || _freeBytes() < bytes))
        {
            var (entry, size) = old[^1];
            entry.Delete(recursive: true);
            used -= size;
            old.RemoveAt(old.Count - 1);
        }

        if (_freeBytes() is var free && free < bytes)
        {
            throw new IOException($"The disk is full: the version takes {bytes} bytes and {free} are free.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private string PathOf(string digest) => Path.Combine(Versions, digest[DigestStart.Length..]);

    private List<DirectoryInfo> Entries() => Directory.Exists(Versions) ? [.. new DirectoryInfo(Versions).EnumerateDirectories()] : [];

    private static long SizeOf(DirectoryInfo entry) => entry.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private void Clean()
    {
        Remove(Incoming);
        foreach (var stranger in Entries().Where(entry => entry.Name.Length != HashDigits || !entry.Name.All(char.IsAsciiHexDigitLower)))
        {
            stranger.Delete(recursive: true);
        }
    }
}
