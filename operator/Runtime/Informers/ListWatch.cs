using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Slipway.Runtime;

/// <summary>The two requests of an informer: a list in pages, and a watch from a resourceVersion.</summary>
/// <param name="namespace">Empty for all.</param>
internal sealed class ListWatch(
    ApiClient api, ResourceKind kind, string @namespace, string labelSelector, KubernetesRuntimeOptions options, TimeProvider clock)
{
    private readonly string _path = kind.CollectionPath(@namespace);

    public string Namespace => @namespace;

    /// <summary>
    /// Hands each item to <paramref name="each"/>, page by page, and returns the resourceVersion of the whole list. A continue token that
    /// expired on the way is a 410, as <see cref="ApiException"/>.
    /// </summary>
    /// <param name="pageSize">Objects in a page; null for all in one.</param>
    public async Task<string> ListAsync(int? pageSize, Action<JsonElement> each, CancellationToken cancellationToken)
    {
        var next = "";
        while (true)
        {
            var query = new StringBuilder();
            Append(query, "labelSelector", labelSelector);
            Append(query, "limit", pageSize?.ToString(CultureInfo.InvariantCulture) ?? "");
            Append(query, "continue", next);
            var page = await api.SendAsync(HttpMethod.Get, _path + query, null, ApiClient.Json, cancellationToken);
            // An empty list may come as null.
            if (page.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in items.EnumerateArray())
                {
                    each(item);
                }
            }

            var metadata = page.GetProperty("metadata");
            next = metadata.TryGetProperty("continue", out var token) ? token.GetString() ?? "" : "";
            if (next.Length == 0)
            {
                return ObjectVersion(metadata);
            }
        }
    }

    /// <summary>
    /// Events after <paramref name="version"/> until the server ends the watch. An ERROR event is thrown as <see cref="ApiException"/>;
    /// silence for the idle timeout ends the stream as if the server had.
    /// </summary>
    /// <exception cref="TimeoutException">The server did not even begin to answer within the idle timeout.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.WatchIdleTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        using var response = await UnlessIdleAsync(
            async () => await api.OpenAsync(_path + WatchQuery(version), either.Token), idle, cancellationToken);
        if (response is null)
        {
            throw new TimeoutException($"The watch of {kind.Resource} was not answered within {options.WatchIdleTimeout}.");
        }

        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(either.Token));
        try
        {
            while (await UnlessIdleAsync(async () => await LineReader.ReadAsync(reader, either.Token), idle, cancellationToken) is { } line)
            {
                idle.CancelAfter(options.WatchIdleTimeout);
                yield return Event(line);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async ValueTask<TAnswer?> UnlessIdleAsync<TAnswer>(
        Func<ValueTask<TAnswer?>> read, CancellationTokenSource idle, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return default;
        }
    }

    private static WatchEvent Event(JsonElement line)
    {
        var type = line.GetProperty("type").GetString()!;
        var body = line.GetProperty("object");
        if (type == "ERROR")
        {
            var (reason, message) = ApiStatus.Read(body);
            throw new ApiException((HttpStatusCode)ApiStatus.Code(body), reason, message, "The watch");
        }

        return new(type, body);
    }

    private static string ObjectVersion(JsonElement metadata) =>
        metadata.TryGetProperty("resourceVersion", out var version) ? version.GetString() ?? "" : "";

    private static void Append(StringBuilder query, string name, string value)
    {
        if (value.Length > 0)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private string WatchQuery(string version)
    {
        // Spread over [1, 2) of the timeout, so that the watches of many informers do not all end at once.
        var seconds = (int)options.WatchTimeout.TotalSeconds;
        var query = new StringBuilder("?watch=true&allowWatchBookmarks=true");
        Append(query, "timeoutSeconds", (seconds + RandomNumberGenerator.GetInt32(seconds)).ToString(CultureInfo.InvariantCulture));
        Append(query, "resourceVersion", version);
        Append(query, "labelSelector", labelSelector);
        return query.ToString();
    }
}
