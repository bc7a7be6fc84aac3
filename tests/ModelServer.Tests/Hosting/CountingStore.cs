using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>Another store, with a note of what is read from it.</summary>
internal sealed class CountingStore(IModelStore store) : IModelStore
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _reads = new();

    public IReadOnlyCollection<string> Reads => _reads;

    /// <summary>The size that files are said to have; null for their own.</summary>
    public long? Sizes { get; init; }

    public string Address => store.Address;

    public bool CanList => store.CanList;

    public async Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(version, named, most, cancellationToken)).Select(file => file with { Size = Sizes ?? file.Size })];

    public Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken) => store.ListFoldersAsync(most, cancellationToken);

    public Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        _reads.Enqueue(file.Path);
        return store.OpenAsync(version, file, offset, length, cancellationToken);
    }

    public void Dispose() => store.Dispose();
}
