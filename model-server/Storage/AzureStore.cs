using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Slipway.ModelServer.Storage;

/// <summary>A prefix in a container of Azure Blob Storage: <c>az://account/container/prefix</c>.</summary>
internal sealed class AzureStore : IModelStore
{
    private readonly AzureClients _clients;
    private readonly TimeProvider _clock;
    private readonly string _prefix;
    private readonly StorageCalls _calls;

    private AzureStore(Uri uri, string container, string prefix, AzureClients clients, TimeProvider clock)
    {
        _clients = clients;
        _clock = clock;
        _prefix = prefix;
        Address = uri.ToString().TrimEnd('/');
        _calls = new StorageCalls(Address, () => $"container '{container}' at {clients.Endpoint}", () => clients.Origin, Read);
    }

    public string Address { get; }

    public bool CanList => true;

    public static AzureStore Open(Uri uri, StoreSettings settings, TimeProvider clock)
    {
        var path = uri.AbsolutePath.Trim('/').Split('/', 2);
        var container = Uri.UnescapeDataString(path[0]);
        return new AzureStore(
            uri, container, path.Length > 1 ? StoragePath.Prefix(path[1]) : "", new AzureClients(uri.Host, container, settings), clock);
    }

    public Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken)
    {
        var folder = $"{_prefix}{version}/";
        return Pages.ReadAsync(
            async mark =>
            {
                var page = await PageAsync(
                    version,
                    (client, token) => client.GetBlobsAsync(new GetBlobsOptions { Prefix = folder, Traits = BlobTraits.Metadata }, token),
                    mark,
                    cancellationToken);
                return (
                    page.Values.Where(found => !IsFolder(found))
                        .Select(found => new StoredFile(found.Name[folder.Length..], found.Properties.ContentLength ?? 0, found.Properties.ETag.ToString() ?? "")),
                    page.ContinuationToken);
            },
            most);
    }

    public async Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken)
    {
        var folders = await Pages.ReadAsync(
            async mark =>
            {
                var page = await PageAsync(
                    "",
                    (client, token) => client.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Prefix = _prefix, Delimiter = "/" }, token),
                    mark,
                    cancellationToken);
                return (page.Values.Where(found => found.IsPrefix).Select(found => StoragePath.Folder(found.Prefix, _prefix)), page.ContinuationToken);
            },
            most);
        return [.. folders.Take(most)];
    }

    public async Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        var path = $"{version}/{file.Path}";
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, length),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(file.Tag) },
        };
        var answer = await _calls.ReadAsync(
            path,
            async token => (await (await _clients.ContainerAsync(token)).GetBlobClient(_prefix + path).DownloadStreamingAsync(options, token)).Value,
            cancellationToken);
        try
        {
            RangeCheck.Require(_calls, $"{Address}/{path}", file, offset, answer.Details.ContentRange);
            return answer.Content;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose() => _clients.Dispose();

    private async Task<Page<T>> PageAsync<T>(
        string folder, Func<BlobContainerClient, CancellationToken, AsyncPageable<T>> ask, string? mark, CancellationToken cancellationToken)
        where T : notnull => await _calls.ListAsync(
            folder,
            async token =>
            {
                var pages = ask(await _clients.ContainerAsync(token), token).AsPages(mark);
                await foreach (var page in pages.WithCancellation(token))
                {
                    return page;
                }

                throw new RequestFailedException("There is no page in the answer.");
            },
            cancellationToken);

    // Accounts with folders of their own list each as an empty file with this mark.
    private static bool IsFolder(BlobItem found) =>
        StoragePath.IsFolderMark(found.Name) || (found.Metadata?.TryGetValue("hdi_isfolder", out var mark) == true && mark == "true");

    private Refusal? Read(Exception exception) => exception switch
    {
        RequestFailedException { Status: not 0 } refused => new Refusal(
            refused.Status,
            refused.ErrorCode ?? "",
            FirstLine(refused.Message),
            refused.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var wait) == true ? Refusal.Wait(wait, _clock.GetUtcNow()) : null),
        AuthenticationFailedException refused => new Refusal(401, "", FirstLine(refused.Message), null),
        _ => null,
    };

    // What follows are the request's id and headers.
    private static string FirstLine(string message) => message.Split('\n', 2)[0];
}
