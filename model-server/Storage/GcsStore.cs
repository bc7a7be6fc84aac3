using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Slipway.ModelServer.Storage;

/// <summary>A prefix in a bucket of Google Cloud Storage, by its JSON API.</summary>
internal sealed class GcsStore : IModelStore
{
    private const string Google = "https://storage.googleapis.com";

    private readonly HttpClient _http;
    private readonly GcsCredentials _credentials;
    private readonly TimeProvider _clock;
    private readonly string _endpoint;
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly StorageCalls _calls;

    private GcsStore(Uri uri, HttpClient http, GcsCredentials credentials, string endpoint, TimeProvider clock)
    {
        _http = http;
        _credentials = credentials;
        _clock = clock;
        _endpoint = endpoint;
        _bucket = uri.Host;
        _prefix = StoragePath.Prefix(uri.AbsolutePath);
        Address = uri.ToString().TrimEnd('/');
        _calls = new StorageCalls(Address, () => $"bucket '{_bucket}' at {endpoint}", () => credentials.Origin, exception => HttpAnswers.Read(exception) ?? GcsCredentials.Read(exception));
    }

    public string Address { get; }

    public bool CanList => true;

    public static GcsStore Open(Uri uri, StoreSettings settings, TimeProvider clock)
    {
        var emulator = settings.Get("STORAGE_EMULATOR_HOST")?.TrimEnd('/');
        var endpoint = emulator is null ? Google : emulator.Contains("://", StringComparison.Ordinal) ? emulator : $"http://{emulator}";
        return new GcsStore(uri, StorageHttp.Client(settings.Roots), new GcsCredentials(settings, isEmulated: emulator is not null, clock), endpoint, clock);
    }

    public Task<IReadOnlyList<StoredFile>> ListAsync(
        string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken)
    {
        var folder = $"{_prefix}{version}/";
        return Pages.ReadAsync(
            async mark =>
            {
                var page = await PageAsync(version, $"prefix={Uri.EscapeDataString(folder)}", mark, cancellationToken);
                return (
                    (page.Items ?? []).Where(found => !StoragePath.IsFolderMark(found.Name))
                        .Select(found => new StoredFile(found.Name[folder.Length..], long.Parse(found.Size, CultureInfo.InvariantCulture), found.Generation)),
                    page.NextPageToken);
            },
            most);
    }

    public async Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken)
    {
        var folders = await Pages.ReadAsync(
            async mark =>
            {
                var page = await PageAsync("", $"delimiter=/&prefix={Uri.EscapeDataString(_prefix)}", mark, cancellationToken);
                return ((page.Prefixes ?? []).Select(found => StoragePath.Folder(found, _prefix)), page.NextPageToken);
            },
            most);
        return [.. folders.Take(most)];
    }

    public async Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        var path = $"{version}/{file.Path}";
        var query = $"{Uri.EscapeDataString(_prefix + path)}?alt=media&ifGenerationMatch={file.Tag}";
        return await _calls.ReadAsync(path, OpenRangeAsync, cancellationToken);

        async Task<Stream> OpenRangeAsync(CancellationToken token)
        {
            var answer = await SendAsync(query, new RangeHeaderValue(offset, offset + length - 1), token);
            try
            {
                RangeCheck.Require(_calls, $"{Address}/{path}", file, offset, answer.Content.Headers.ContentRange?.ToString());
                return await answer.Content.ReadAsStreamAsync(token);
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<GcsPage> PageAsync(string folder, string filter, string? mark, CancellationToken cancellationToken) => _calls.ListAsync(
        folder,
        async token =>
        {
            var from = mark is null ? "" : $"&pageToken={Uri.EscapeDataString(mark)}";
            using var answer = await SendAsync($"?{filter}&fields=items(name,size,generation),prefixes,nextPageToken{from}", null, token);
            await answer.Content.LoadIntoBufferAsync(StorageHttp.MostBodyBytes, token);
            return GcsPage.Read(await answer.Content.ReadAsStringAsync(token));
        },
        cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(string rest, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{_endpoint}/storage/v1/b/{Uri.EscapeDataString(_bucket)}/o{(rest.StartsWith('?') ? "" : "/")}{rest}");
        request.Headers.Range = range;
        // Without it an object that was stored compressed is unpacked on its way, and is not as long as it was listed.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        if (await _credentials.TokenAsync(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await HttpAnswers.SendAsync(_http, request, ReadError, _clock, cancellationToken);
    }

    private static (string Code, string Message) ReadError(string body)
    {
        try
        {
            using var parsed = JsonDocument.Parse(body);
            var error = parsed.RootElement.GetProperty("error");
            var reason = error.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0 ? errors[0].GetProperty("reason").GetString() : null;
            return (reason ?? "", error.GetProperty("message").GetString() ?? "");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Media requests are refused in plain text.
            return ("", body.StartsWith('<') ? "" : body);
        }
    }
}
