using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>One thing that goes wrong with an answer.</summary>
internal sealed record Fault
{
    /// <summary>Answered in place of the server; 0 asks the server.</summary>
    public int Status { get; init; }

    public string? RetryAfter { get; init; }

    public string Body { get; init; } = "";

    /// <summary>Bytes of body after which the connection is reset.</summary>
    public int? ResetAfter { get; init; }

    /// <summary>Bytes of body after which nothing more comes, and the connection stays open.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Bytes of body that are all there are, and that <c>Content-Length</c> says there are.</summary>
    public int? CutTo { get; init; }

    /// <summary>Done before the server is asked.</summary>
    public Func<Task>? Before { get; init; }
}

/// <summary>One request that came by.</summary>
internal sealed record SeenRequest(string Method, string Path, string Query, string Range, string Authorization);

/// <summary>Passes requests on to another port of 127.0.0.1, remembers them, and breaks the answers that it is told to.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Transfer-Encoding", "Connection", "Keep-Alive"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private WebServer? _server;

    private FaultProxy(int target) => _target = target;

    public int Port => _server?.Port ?? throw new AssertionException("The proxy is not running.");

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>What goes wrong with a request; null for nothing.</summary>
    public Func<HttpRequest, Fault?> Fault { get; set; } = static _ => null;

    /// <summary>Changes what is asked of the server.</summary>
    public Func<HttpRequest, string> Target { get; set; } = static request => request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;

    /// <summary>A header that is not passed on; null for none.</summary>
    public string? Strip { get; set; }

    public static async Task<FaultProxy> StartAsync(int target, X509Certificate2? certificate = null)
    {
        var proxy = new FaultProxy(target);
        proxy._server = await WebServer.StartAsync(proxy.AnswerAsync, certificate);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Seen.Enqueue(new SeenRequest(
            request.Method, Uri.UnescapeDataString(request.Path), request.QueryString.Value ?? "", (request.Headers.Range + request.Headers["x-ms-range"]).ToString(), request.Headers.Authorization.ToString()));
        var fault = Fault(request) ?? new Fault();
        if (fault.Before is { } before)
        {
            await before();
        }

        if (fault.Status != 0)
        {
            context.Response.StatusCode = fault.Status;
            context.Response.Headers.RetryAfter = fault.RetryAfter;
            await context.Response.WriteAsync(fault.Body);
            return;
        }

        using var passed = new HttpRequestMessage(new HttpMethod(request.Method), $"http://127.0.0.1:{_target}{Target(request)}");
        if (request.ContentLength > 0)
        {
            passed.Content = new StreamContent(request.Body);
        }

        foreach (var (name, values) in request.Headers.Where(header => header.Key != Strip))
        {
            if (!passed.Headers.TryAddWithoutValidation(name, [.. values]))
            {
                passed.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
            }
        }

        using var answer = await _http.SendAsync(passed, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotPassedOn.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (request.Method != "HEAD")
        {
            await BodyAsync(context, await answer.Content.ReadAsByteArrayAsync(context.RequestAborted), fault);
        }
    }

    private async Task BodyAsync(HttpContext context, byte[] body, Fault fault)
    {
        if (fault.CutTo is { } cut && cut < body.Length)
        {
            body = body[..cut];
            context.Response.ContentLength = cut;
        }

        if ((fault.ResetAfter ?? fault.StallAfter) is not { } part || part >= body.Length)
        {
            await context.Response.Body.WriteAsync(body);
            return;
        }

        await context.Response.Body.WriteAsync(body.AsMemory(0, part));
        await context.Response.Body.FlushAsync();
        if (fault.StallAfter is not null)
        {
            await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted).Token)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }

        context.Abort();
    }
}
