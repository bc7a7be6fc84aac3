using System.Globalization;

namespace Slipway.ModelServer.Storage;

/// <summary>A folder of this machine, or of a claim that is mounted on it.</summary>
internal sealed class FileStore(Uri uri, string root) : IModelStore
{
    public string Address { get; } = uri.ToString().TrimEnd('/');

    public bool CanList => true;

    public Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken) => Guarded<IReadOnlyList<StoredFile>>(() =>
    {
        var folder = new DirectoryInfo(Path.Combine(root, version));
        if (!folder.Exists)
        {
            return [];
        }

        return
        [
            .. folder.EnumerateFiles("*", SearchOption.AllDirectories).Take(most + 1)
                .Select(file => new StoredFile(
                    Path.GetRelativePath(folder.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), Length(file), Tag(file))),
        ];
    });

    public Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken) => Guarded<IReadOnlyList<string>>(() =>
    {
        if (!Directory.Exists(root))
        {
            throw new StoreException(StoreTrouble.Missing, $"There is no folder {root}.");
        }

        return [.. new DirectoryInfo(root).EnumerateDirectories().Take(most).Select(folder => folder.Name)];
    });

    public Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken) => Guarded<Stream>(() =>
    {
        var source = new FileInfo(Path.Combine(root, version, file.Path));
        if (!source.Exists || Tag(source) != file.Tag)
        {
            throw new StoreException(StoreTrouble.Changed, $"{source.FullName} changed or went away while it was copied; versions must not change once written.");
        }

        var stream = new FileStream(source.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        stream.Position = offset;
        return stream;
    });

    public void Dispose()
    {
        // Holds nothing between calls.
    }

    // A link's own length is that of the path that it holds; mounted ConfigMaps and many model folders are made of links.
    private static FileInfo Target(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    private static long Length(FileInfo file) => Target(file).Length;

    private static string Tag(FileInfo file)
    {
        var target = Target(file);
        return string.Create(CultureInfo.InvariantCulture, $"{target.Length}-{target.LastWriteTimeUtc.Ticks}");
    }

    private static Task<T> Guarded<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (UnauthorizedAccessException exception)
        {
            return Task.FromException<T>(new StoreException(
                StoreTrouble.Denied, $"{exception.Message} Let the server's user read the folder.", exception));
        }
        catch (IOException exception)
        {
            return Task.FromException<T>(new StoreException(StoreTrouble.Transient, exception.Message, exception));
        }
        catch (StoreException exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}
