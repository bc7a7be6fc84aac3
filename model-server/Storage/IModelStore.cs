namespace Slipway.ModelServer.Storage;

/// <summary>One file of a version. <paramref name="Path"/> is relative to the version's folder, with '/'.</summary>
/// <param name="Tag">Changes when the content does; how, is the store's affair.</param>
internal sealed record StoredFile(string Path, long Size, string Tag);

/// <summary>A folder in storage that holds one folder per version. All failures are <see cref="StoreException"/>.</summary>
internal interface IModelStore : IDisposable
{
    /// <summary>The folder's address, for messages.</summary>
    string Address { get; }

    /// <summary>The version's files, at most <paramref name="most"/> + 1 of them; empty when there is no such folder.</summary>
    Task<IReadOnlyList<StoredFile>> ListAsync(string version, int most, CancellationToken cancellationToken);

    /// <summary>Names of folders beside one another that might be versions, at most <paramref name="most"/>.</summary>
    Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken);

    /// <summary>
    /// The file's bytes from <paramref name="offset"/>, <paramref name="length"/> of them. Fails when the content is no longer that of
    /// <see cref="StoredFile.Tag"/>.
    /// </summary>
    Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken);
}
