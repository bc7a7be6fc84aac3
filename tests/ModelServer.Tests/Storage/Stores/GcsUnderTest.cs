using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Storage.Stores;

/// <summary>The part of Google Cloud Storage's JSON API that reads, with one bucket and pages of two.</summary>
internal sealed class GcsUnderTest : StoreUnderTest
{
    public const string Bucket = "models";
    private const int PageSize = 2;

    private readonly ConcurrentDictionary<string, (byte[] Content, long Generation)> _objects = new(StringComparer.Ordinal);
    private WebServer? _server;
    private long _generation = 1_700_000_000_000_000;

    public override int Port => _server?.Port ?? throw new AssertionException("The fake is not running.");

    public override string? NoContainer => "There is no bucket 'nothing' at http://127.0.0.1:*";

    /// <summary>The token that requests must bring; null takes all.</summary>
    public string? Token { get; set; }

    public static async Task<GcsUnderTest> StartAsync()
    {
        var fake = new GcsUnderTest();
        fake._server = await WebServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public override Task PutAsync(string key, byte[] content, CancellationToken cancellationToken)
    {
        _objects[key] = (content, Interlocked.Increment(ref _generation));
        return Task.CompletedTask;
    }

    public override Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public override Uri Uri(string prefix, int port, string? container = null) => new($"gs://{container ?? Bucket}/{prefix}");

    public override IReadOnlyDictionary<string, string> Secret(int port) => new Dictionary<string, string> { ["STORAGE_EMULATOR_HOST"] = $"127.0.0.1:{port}" };

    public override bool IsRead(string method, string path, string query) => query.Contains("alt=media", StringComparison.Ordinal);

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await RefuseAsync(context, 401, "required", "Anonymous caller does not have storage.objects.list access to the Google Cloud Storage bucket.");
        }
        else if (!path.StartsWith($"/storage/v1/b/{Bucket}/o", StringComparison.Ordinal))
        {
            await RefuseAsync(context, 404, "notFound", "The specified bucket does not exist.");
        }
        else if (context.Request.Query["alt"] == "media")
        {
            await MediaAsync(context, path[$"/storage/v1/b/{Bucket}/o/".Length..].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        }
        else
        {
            await context.Response.WriteAsync(List(context.Request.Query).ToJsonString());
        }
    }

    private JsonObject List(IQueryCollection query)
    {
        var prefix = query["prefix"].ToString();
        var delimiter = query["delimiter"].ToString();
        var all = _objects.Where(found => found.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(found => delimiter.Length > 0 && found.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end
                ? (Folder: found.Key[..(end + 1)], Name: "") : (Folder: "", Name: found.Key))
            .Distinct().Order().ToList();
        var from = int.TryParse(query["pageToken"], CultureInfo.InvariantCulture, out var start) ? start : 0;
        var page = all.Skip(from).Take(PageSize).ToList();
        var answer = new JsonObject
        {
            ["items"] = new JsonArray([.. page.Where(found => found.Name.Length > 0).Select(found => (JsonNode)new JsonObject
            {
                ["name"] = found.Name,
                ["size"] = _objects[found.Name].Content.Length.ToString(CultureInfo.InvariantCulture),
                ["generation"] = _objects[found.Name].Generation.ToString(CultureInfo.InvariantCulture),
            })]),
            ["prefixes"] = new JsonArray([.. page.Where(found => found.Folder.Length > 0).Select(found => (JsonNode)found.Folder)]),
        };
        if (from + PageSize < all.Count)
        {
            answer["nextPageToken"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

    private async Task MediaAsync(HttpContext context, string name)
    {
        if (!_objects.TryGetValue(name, out var found))
        {
            await RefuseAsync(context, 404, "notFound", $"No such object: {Bucket}/{name}");
        }
        else if (context.Request.Query["ifGenerationMatch"] is { Count: > 0 } wanted && wanted != found.Generation.ToString(CultureInfo.InvariantCulture))
        {
            await RefuseAsync(context, 412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }
        else
        {
            await ByteRanges.WriteAsync(context, found.Content);
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string reason, string message)
    {
        context.Response.StatusCode = status;
        var error = new JsonObject { ["code"] = status, ["message"] = message, ["errors"] = new JsonArray(new JsonObject { ["reason"] = reason, ["message"] = message }) };
        await context.Response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString());
    }
}
