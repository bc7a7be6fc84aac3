using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.ModelServer.Storage;

/// <summary>A prefix in a bucket of S3, or of a store that speaks its protocol.</summary>
internal sealed class S3Store : IModelStore
{
    private readonly S3Clients _clients;
    private readonly S3Credentials _credentials;
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly StorageCalls _calls;

    private S3Store(Uri uri, S3Clients clients, S3Credentials credentials, TimeProvider clock)
    {
        _clients = clients;
        _credentials = credentials;
        _bucket = uri.Host;
        _prefix = StoragePath.Prefix(uri.AbsolutePath);
        Address = uri.ToString().TrimEnd('/');
        _calls = new StorageCalls(Address, () => $"bucket '{_bucket}' at {Endpoint()}", () => credentials.Origin, exception => Read(exception, clock));
    }

    public string Address { get; }

    public bool CanList => true;

    public static S3Store Open(Uri uri, StoreSettings settings, TimeProvider clock)
    {
        var credentials = new S3Credentials(settings, clock);
        return new S3Store(uri, new S3Clients(settings, credentials), credentials, clock);
    }

    public Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken)
    {
        var folder = $"{_prefix}{version}/";
        return Pages.ReadAsync(
            async mark =>
            {
                var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = folder, ContinuationToken = mark };
                var page = await _calls.ListAsync(version, token => Client().ListObjectsV2Async(request, token), cancellationToken);
                return (
                    (page.S3Objects ?? []).Where(found => !StoragePath.IsFolderMark(found.Key))
                        .Select(found => new StoredFile(found.Key[folder.Length..], found.Size ?? 0, found.ETag)),
                    page.NextContinuationToken);
            },
            most);
    }

    public async Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken)
    {
        var folders = await Pages.ReadAsync(
            async mark =>
            {
                var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix, Delimiter = "/", ContinuationToken = mark };
                var page = await _calls.ListAsync("", token => Client().ListObjectsV2Async(request, token), cancellationToken);
                return ((page.CommonPrefixes ?? []).Select(found => StoragePath.Folder(found, _prefix)), page.NextContinuationToken);
            },
            most);
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
        var path = $"{version}/{file.Path}";
        var answer = await _calls.ReadAsync(path, token => Client().GetObjectAsync(request, token), cancellationToken);
        try
        {
            RangeCheck.Require(_calls, $"{Address}/{path}", file, offset, answer.ContentRange);
            return answer.ResponseStream;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose() => _clients.Dispose();

    private static Refusal? Read(Exception exception, TimeProvider clock) => exception is AmazonServiceException { StatusCode: not 0 } refused
        ? new Refusal((int)refused.StatusCode, Code(refused), refused.Message, Wait(refused, clock))
        : null;

    // To a HEAD or a proxy's page there is no code but the status' own name, which says nothing more.
    private static string Code(AmazonServiceException refused) =>
        refused.ErrorCode is { } code && !Enum.TryParse<HttpStatusCode>(code, out _) ? code : "";

    private static TimeSpan? Wait(AmazonServiceException refused, TimeProvider clock) =>
        refused.InnerException is HttpErrorResponseException { Response: { } response } && response.IsHeaderPresent("Retry-After")
            ? Refusal.Wait(response.GetHeaderValue("Retry-After"), clock.GetUtcNow()) : null;

    // A setting that no client can be made of, such as an endpoint that is no URL, can be mended like a credential.
    private IAmazonS3 Client()
    {
        try
        {
            return _clients.Current();
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException or AmazonClientException)
        {
            throw new StoreException(
                StoreTrouble.Denied, $"Storage could not be asked for {Address}: {exception.Message.TrimEnd('.')}. {_credentials.Origin}", exception);
        }
    }

    private string Endpoint()
    {
        var config = Client().Config;
        return config.ServiceURL is { Length: > 0 } url ? url : $"S3 in {config.RegionEndpoint?.SystemName}";
    }
}
