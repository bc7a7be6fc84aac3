using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Storage.Stores;

/// <summary>A web server's folder. It speaks plain HTTP; the proxy in front of it speaks TLS, by a certificate of an authority of its own.</summary>
internal sealed class HttpsUnderTest : StoreUnderTest
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private WebServer? _server;

    public override int Port => _server?.Port ?? throw new AssertionException("The folder is not served.");

    public override bool NeedsTls => true;

    public override string? NoContainer => null;

    public TestAuthority Authority { get; } = new();

    /// <summary>Whether parts of files are served; what is not is served whole.</summary>
    public bool InRanges { get; set; } = true;

    /// <summary>Methods that are answered.</summary>
    public IReadOnlyList<string> Methods { get; set; } = ["HEAD", "GET"];

    public bool WithTags { get; set; } = true;

    /// <summary>Refuses requests by their headers; null for none.</summary>
    public Func<HttpRequest, bool>? Refuses { get; set; }

    /// <summary>Where requests for a path are sent on to; null for nowhere.</summary>
    public Func<string, string?> Redirect { get; set; } = static _ => null;

    public static async Task<HttpsUnderTest> StartAsync()
    {
        var store = new HttpsUnderTest();
        store._server = await WebServer.StartAsync(store.AnswerAsync);
        return store;
    }

    public override Task PutAsync(string key, byte[] content, CancellationToken cancellationToken)
    {
        _files[key] = content;
        return Task.CompletedTask;
    }

    public override Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _files.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public override Uri Uri(string prefix, int port, string? container = null) => new($"https://127.0.0.1:{port}/{prefix}");

    public override IReadOnlyDictionary<string, string> Secret(int port) => new Dictionary<string, string> { ["ca.crt"] = Authority.Pem };

    public override bool IsRead(string method, string path, string query) => method == "GET";

    public override async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        var response = context.Response;
        if (!Methods.Contains(context.Request.Method))
        {
            response.StatusCode = 405;
        }
        else if (Redirect(path) is { } elsewhere)
        {
            response.Redirect(elsewhere);
        }
        else if (Refuses?.Invoke(context.Request) == true)
        {
            response.StatusCode = 403;
        }
        else if (!_files.TryGetValue(path, out var content))
        {
            response.StatusCode = 404;
        }
        else
        {
            await FileAsync(context, content);
        }
    }

    private async Task FileAsync(HttpContext context, byte[] content)
    {
        var tag = $"\"{Convert.ToHexString(SHA256.HashData(content))}\"";
        if (WithTags)
        {
            context.Response.Headers.ETag = tag;
        }

        if (WithTags && context.Request.Headers.IfMatch is { Count: > 0 } wanted && wanted != tag)
        {
            context.Response.StatusCode = 412;
            return;
        }

        if (InRanges)
        {
            context.Response.Headers.AcceptRanges = "bytes";
        }
        else
        {
            context.Request.Headers.Remove("Range");
        }

        await ByteRanges.WriteAsync(context, content);
    }
}
