using System.Net;
using System.Net.Http.Headers;

namespace Slipway.ModelServer.Storage;

/// <summary>A folder of a web server, which tells the files that it is asked for by name and lists none.</summary>
internal sealed class HttpsStore : IModelStore
{
    private const int MostRedirects = 5;
    private const int ParallelQuestions = 4;

    private readonly HttpClient _http;
    private readonly HttpsCredentials _credentials;
    private readonly TimeProvider _clock;
    private readonly StorageCalls _calls;

    private HttpsStore(Uri uri, HttpClient http, HttpsCredentials credentials, TimeProvider clock)
    {
        _http = http;
        _credentials = credentials;
        _clock = clock;
        Address = uri.AbsoluteUri.TrimEnd('/');
        _calls = new StorageCalls(Address, () => $"folder {Address}", () => credentials.Origin, HttpAnswers.Read);
    }

    public string Address { get; }

    public bool CanList => false;

    public static HttpsStore Open(Uri uri, StoreSettings settings, TimeProvider clock) =>
        new(uri, StorageHttp.Client(settings.Roots), new HttpsCredentials(uri, settings), clock);

    public async Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken)
    {
        var paths = named.Take(most + 1).ToList();
        var found = new StoredFile?[paths.Count];
        await Parallel.ForAsync(
            0,
            paths.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelQuestions, CancellationToken = cancellationToken },
            async (index, token) => found[index] = await FindAsync(version, paths[index], token));
        return [.. found.OfType<StoredFile>()];
    }

    public Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        var path = $"{version}/{file.Path}";
        return _calls.ReadAsync(
            path,
            async token =>
            {
                var answer = await SendAsync(HttpMethod.Get, path, new RangeHeaderValue(offset, offset + length - 1), file.Tag, token);
                try
                {
                    return await BodyAsync(answer, path, file, offset, token);
                }
                catch
                {
                    answer.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private Task<StoredFile?> FindAsync(string version, string path, CancellationToken cancellationToken) => _calls.ReadAsync(
        $"{version}/{path}",
        async token =>
        {
            try
            {
                using var answer = await HeadAsync($"{version}/{path}", token);
                var size = answer.Content.Headers.ContentRange?.Length ?? answer.Content.Headers.ContentLength ?? throw new StoreException(
                    StoreTrouble.Transient, $"{Address}/{version}/{path} does not say its length; serve it as a plain file.");
                var inRanges = answer.Content.Headers.ContentRange is not null || answer.Headers.AcceptRanges.Contains("bytes");
                return new StoredFile(path, size, Tag(answer), inRanges);
            }
            catch (RefusedException exception) when (exception.Refusal.Status is 404 or 410)
            {
                return (StoredFile?)null;
            }
        },
        cancellationToken);

    // Some servers answer GET alone, and signed addresses that they send on to are for GET; its first byte tells the same.
    private async Task<HttpResponseMessage> HeadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Head, path, null, "", cancellationToken);
        }
        catch (RefusedException exception) when (exception.Refusal.Status is 403 or 405 or 501)
        {
            return await SendAsync(HttpMethod.Get, path, new RangeHeaderValue(0, 0), "", cancellationToken);
        }
    }

    private async Task<Stream> BodyAsync(HttpResponseMessage answer, string path, StoredFile file, long offset, CancellationToken cancellationToken)
    {
        if (Tag(answer) != file.Tag)
        {
            throw _calls.Changed(path, $"it was {file.Tag} and is {Tag(answer)}");
        }

        if (answer.StatusCode == HttpStatusCode.PartialContent)
        {
            RangeCheck.Require(_calls, $"{Address}/{path}", file, offset, answer.Content.Headers.ContentRange?.ToString());
            return await answer.Content.ReadAsStreamAsync(cancellationToken);
        }

        if (answer.Content.Headers.ContentLength is { } length && length != file.Size)
        {
            throw _calls.Changed(path, $"it was {file.Size} bytes long and is {length}");
        }

        var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await SkipAsync(body, offset, cancellationToken);
        return body;
    }

    private static async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (count > 0)
        {
            var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
            count -= read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "the answer ended early");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, RangeHeaderValue? range, string tag, CancellationToken cancellationToken)
    {
        var target = new Uri($"{Address}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(method, target);
            request.Headers.Range = range;
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (EntityTagHeaderValue.TryParse(tag, out var pinned) && !pinned.IsWeak)
            {
                request.Headers.IfMatch.Add(pinned);
            }

            _credentials.AddTo(request);
            try
            {
                return await HttpAnswers.SendAsync(_http, request, _ => ("", ""), _clock, cancellationToken);
            }
            catch (RedirectedException redirected) when (hop < MostRedirects)
            {
                target = Follow(target, redirected.Location);
            }
        }
    }

    private Uri Follow(Uri from, Uri to)
    {
        var next = new Uri(from, to);
        return next.Scheme == Uri.UriSchemeHttps ? next : throw new StoreException(
            StoreTrouble.Denied, $"{Address} sends on to an address that is not https ({next.Scheme}://{next.Authority}), and is not followed there.");
    }

    // A server that gives neither promises nothing; its length is checked all the same.
    private static string Tag(HttpResponseMessage answer) =>
        answer.Headers.ETag?.ToString() ?? answer.Content.Headers.LastModified?.ToString("r") ?? "";
}
