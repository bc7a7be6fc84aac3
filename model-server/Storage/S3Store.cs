using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.ModelServer.Storage;

/// <summary>A prefix in a bucket of S3, or of a store that speaks its protocol.</summary>
internal sealed class S3Store(Uri uri, S3Clients clients, S3Credentials credentials) : IModelStore
{
    private readonly string _bucket = uri.Host;

    // "" or ending with a slash.
    private readonly string _prefix = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/') is { Length: > 0 } path ? $"{path}/" : "";

    public string Address { get; } = uri.ToString().TrimEnd('/');

    public async Task<IReadOnlyList<StoredFile>> ListAsync(string version, int most, CancellationToken cancellationToken)
    {
        var folder = $"{_prefix}{version}/";
        var files = new List<StoredFile>();
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = folder };
        do
        {
            var page = await AskAsync($"list {Address}/{version}", (client, token) => client.ListObjectsV2Async(request, token), cancellationToken);
            files.AddRange((page.S3Objects ?? [])
                .Where(found => !found.Key.EndsWith('/')) // markers that some tools leave for a folder
                .Select(found => new StoredFile(found.Key[folder.Length..], found.Size ?? 0, found.ETag)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 } && files.Count <= most);
        return files;
    }

    public async Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken)
    {
        var folders = new List<string>();
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix, Delimiter = "/" };
        do
        {
            var page = await AskAsync($"list {Address}", (client, token) => client.ListObjectsV2Async(request, token), cancellationToken);
            folders.AddRange((page.CommonPrefixes ?? []).Select(found => found[_prefix.Length..].TrimEnd('/')));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 } && folders.Count < most);
        return [.. folders.Take(most)];
    }

    public async Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = _bucket,
            Key = $"{_prefix}{version}/{file.Path}",
            ByteRange = new ByteRange(offset, offset + length - 1),
            EtagToMatch = file.Tag,
        };
        var answer = await AskAsync($"read {Address}/{version}/{file.Path}", (client, token) => client.GetObjectAsync(request, token), cancellationToken);
        return answer.ResponseStream;
    }

    public void Dispose() => clients.Dispose();

    public static S3Store Open(Uri uri, string credentialsDirectory, TimeProvider clock)
    {
        var files = new CredentialFiles(credentialsDirectory);
        var credentials = new S3Credentials(files, clock);
        return new S3Store(uri, new S3Clients(files, credentials), credentials);
    }

    private async Task<T> AskAsync<T>(string what, Func<IAmazonS3, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var client = Client(what);
        try
        {
            return await ask(client, cancellationToken);
        }
        catch (AmazonServiceException exception)
        {
            throw Explain(what, client, isList: typeof(T) == typeof(ListObjectsV2Response), exception);
        }
        catch (Exception exception) when (
            exception is AmazonClientException or HttpRequestException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(StoreTrouble.Transient, $"Storage could not be reached to {what}: {OneLine(exception)}.", exception);
        }
    }

    // A setting that no client can be made of, such as an endpoint that is no URL, can be mended like a credential.
    private IAmazonS3 Client(string what)
    {
        try
        {
            return clients.Current();
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException or AmazonClientException)
        {
            throw new StoreException(StoreTrouble.Denied, $"Storage could not be asked to {what}: {OneLine(exception)}. {credentials.Origin}", exception);
        }
    }

    private StoreException Explain(string what, IAmazonS3 client, bool isList, AmazonServiceException exception) => exception switch
    {
        // An empty prefix lists nothing, so that a listing is not found only for want of the bucket.
        { StatusCode: HttpStatusCode.NotFound } when isList => new(
            StoreTrouble.Missing, $"There is no bucket '{_bucket}' at {Endpoint(client)}. Create it, or correct the URI {Address}.", exception),
        { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed } => new(
            StoreTrouble.Missing, $"Storage would not {what}: the object changed or went away; versions must not change once written.", exception),
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } or { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" } => new(
            StoreTrouble.Denied,
            $"Storage refused to {what}: {exception.ErrorCode}, {OneLine(exception)}. {credentials.Origin} Check the credentials and that they may list and read the bucket.",
            exception),
        { StatusCode: 0 } => new(StoreTrouble.Transient, $"Storage could not be reached to {what}: {OneLine(exception)}.", exception),
        _ => new(
            StoreTrouble.Transient, $"Storage failed to {what}: HTTP {(int)exception.StatusCode} {exception.ErrorCode}, {OneLine(exception)}.", exception),
    };

    private static string Endpoint(IAmazonS3 client) => client.Config.ServiceURL is { Length: > 0 } url ? url : $"S3 in {client.Config.RegionEndpoint?.SystemName}";

    private static string OneLine(Exception exception) =>
        string.Join(' ', exception.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
