namespace Slipway.ModelServer.Storage;

/// <summary>One file of a version. <paramref name="Path"/> is relative to the version's folder, with '/'.</summary>
/// <param name="Tag">Changes when the content does; how, is the store's affair.</param>
/// <param name="InRanges">Whether the store serves parts of it; else a read from the middle costs all that is before.</param>
internal sealed record StoredFile(string Path, long Size, string Tag, bool InRanges = true);

/// <summary>A folder in storage that holds one folder per version. All failures are <see cref="StoreException"/>.</summary>
internal interface IModelStore : IDisposable
{
    /// <summary>The folder's address, for messages.</summary>
    string Address { get; }

    /// <summary>Whether storage tells what is in a folder.</summary>
    bool CanList { get; }

    /// <summary>The version's files, at most <paramref name="most"/> + 1 of them; empty when there is no such folder.</summary>
    /// <param name="named">Paths that a store which cannot list looks for, and no others.</param>
    Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken);

    /// <summary>Names of folders beside one another that might be versions, at most <paramref name="most"/>; none from a store that cannot list.</summary>
    Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken);

    /// <summary>
    /// The file's bytes from <paramref name="offset"/>, at least <paramref name="length"/> of them unless the connection breaks. Fails when
    /// the content is no longer that of <see cref="StoredFile.Tag"/>.
    /// </summary>
    Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken);
}
