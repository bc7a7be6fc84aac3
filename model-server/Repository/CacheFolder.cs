using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// The folder that versions are downloaded to. One server owns it for as long as it lives; what an earlier one left is removed, so that
/// a container that restarts again and again does not fill its disk.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _root;
    private readonly FileStream _lock;

    private CacheFolder(string root, FileStream @lock)
    {
        _root = root;
        _lock = @lock;
    }

    /// <exception cref="ModelRejectedException">The folder cannot be made or is in use by another server.</exception>
    public static CacheFolder Open(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
            var held = new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new CacheFolder(root, held);
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
    public string NewIncoming(string version)
    {
        var path = Path.Combine(_root, "incoming", version);
        Remove(path);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Puts verified files where they are loaded from, in one step.</summary>
    public string Place(string incoming, string version)
    {
        var path = Path.Combine(_root, "versions", version);
        Remove(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.Move(incoming, path);
        return path;
    }

    public void Dispose() => _lock.Dispose();

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private void Clean()
    {
        Remove(Path.Combine(_root, "incoming"));
        Remove(Path.Combine(_root, "versions"));
    }
}
