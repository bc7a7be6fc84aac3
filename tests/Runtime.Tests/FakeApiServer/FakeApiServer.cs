using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime.Tests;

/// <summary>A small API server on a real socket: any kind, lists in pages, watches, patches, and faults that a test asks for.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly WebApplication _app;
    private CancellationTokenSource _watches = new();
    private Func<FakeRequest, FakeStatus?> _fault = _ => null;
    private Func<FakeRequest, bool> _lost = _ => false;
    private int _openedWatches;
    private volatile Task _held = Task.CompletedTask;

    private FakeApiServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public FakeStore Store { get; } = new();

    /// <summary>What is answered at a path of discovery, as <c>/apis</c>; 404 where there is nothing.</summary>
    public ConcurrentDictionary<string, JsonObject> Discovery { get; } = new();

    /// <summary>What <c>/apis</c> answers first, one after the other; a <c>code</c> in it is that of the answer.</summary>
    public ConcurrentQueue<JsonObject> DiscoveryFirst { get; } = new();

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>How many watches were opened so far that a change, or their end, reaches.</summary>
    public int OpenedWatches => Volatile.Read(ref _openedWatches);

    public IEnumerable<FakeRequest> Writes => _requests.Where(request => request.IsWrite);

    public IKubernetes Client => new Kubernetes(new KubernetesClientConfiguration { Host = _app.Urls.First() });

    public static async Task<FakeApiServer> StartAsync()
    {
        var server = new FakeApiServer();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Refuses every request for which <paramref name="fault"/> has a refusal.</summary>
    public void FailWith(Func<FakeRequest, FakeStatus?> fault) => _fault = fault;

    /// <summary>Refuses the next <paramref name="times"/> requests of the kind that is named.</summary>
    public void FailNext(Func<FakeRequest, bool> which, FakeStatus status, int times = 1)
    {
        var left = times;
        _fault = request => which(request) && Interlocked.Decrement(ref left) >= 0 ? status : null;
    }

    /// <summary>Carries out the next request of the kind that is named, and breaks the connection instead of an answer.</summary>
    public void LoseNextAnswer(Func<FakeRequest, bool> which)
    {
        var left = 1;
        _lost = request => which(request) && Interlocked.Decrement(ref left) >= 0;
    }

    public void Heal() => _fault = _ => null;

    /// <summary>Cuts every watch that is open, as a broken connection would.</summary>
    public void DropWatches() => Interlocked.Exchange(ref _watches, new()).Cancel();

    /// <summary>From now on no watch says anything, as when it lags without end.</summary>
    public void HoldWatches() => _held = new TaskCompletionSource().Task;

    public void ForgetRequests() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        DropWatches();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path.Value!.Count(letter => letter == '/') < 4 && context.Request.Path.StartsWithSegments("/apis", StringComparison.Ordinal))
            {
                var found = Discovered(context.Request.Path);
                await AnswerAsync(context, (int?)found["code"] ?? 200, found);
                return;
            }

            var request = await ReadAsync(context);
            _requests.Enqueue(request);
            if (_fault(request) is { } status)
            {
                throw status;
            }

            if (request.IsWatch)
            {
                await WatchAsync(context, request);
                return;
            }

            var answer = Answer(request);
            if (_lost(request))
            {
                context.Abort();
                return;
            }

            await AnswerAsync(context, 200, answer);
        }
        catch (FakeStatus status)
        {
            await AnswerAsync(context, status.Code, status.Json);
        }
    }

    private JsonObject Discovered(string path) => path == "/apis" && DiscoveryFirst.TryDequeue(out var next)
        ? next
        : Discovery.GetValueOrDefault(path) ?? throw new FakeStatus(404, "NotFound", "no such path");

    private static async Task<FakeRequest> ReadAsync(HttpContext context)
    {
        var text = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
        return FakeRequest.Parse(
            context.Request.Method,
            context.Request.Path,
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            context.Request.ContentType ?? "",
            text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject()) ?? throw new FakeStatus(404, "NotFound", "no such path");
    }

    private static Task AnswerAsync(HttpContext context, int code, JsonNode body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private JsonObject Answer(FakeRequest request) => (request.Method, request.ContentType) switch
    {
        ("GET", _) when request.Name.Length == 0 => Page(request),
        ("GET", _) => Store.Get(request.Plural, request.Namespace, request.Name) ?? throw new FakeStatus(404, "NotFound", $"{request.Plural} \"{request.Name}\" not found"),
        ("POST", _) => Store.Create(request.Plural, request.Body!),
        ("PUT", _) => Store.Update(request.Plural, request.Namespace, request.Name, target => Replace(target, request.Body!)),
        ("PATCH", "application/apply-patch+yaml") => Store.Apply(
            request.Plural, request.Namespace, request.Name, request.Body!, request.Query["fieldManager"], request.IsDryRun),
        ("PATCH", "application/merge-patch+json") => Store.Update(request.Plural, request.Namespace, request.Name, target => MergeInto(target, request.Body!)),
        ("DELETE", _) => Store.Delete(request.Plural, request.Namespace, request.Name, request.Body?["preconditions"] as JsonObject ?? []),
        _ => throw new FakeStatus(415, "UnsupportedMediaType", $"{request.Method} {request.ContentType}"),
    };

    private static void MergeInto(JsonObject target, JsonObject patch)
    {
        CheckVersion(target, patch);
        FakePatches.Merge(target, patch);
    }

    private static void Replace(JsonObject target, JsonObject body)
    {
        CheckVersion(target, body);
        target["spec"] = body["spec"]?.DeepClone();
    }

    private static void CheckVersion(JsonObject target, JsonObject sent)
    {
        var version = (string?)sent["metadata"]?["resourceVersion"];
        if (version is not null && version != (string?)target["metadata"]!["resourceVersion"])
        {
            throw new FakeStatus(409, "Conflict", "the object has been modified");
        }
    }

    private JsonObject Page(FakeRequest request)
    {
        var all = Store.List(request.Plural, request.Namespace, request.Query.GetValueOrDefault("labelSelector", ""));
        var from = int.Parse(request.Query.GetValueOrDefault("continue", "0"), CultureInfo.InvariantCulture);
        var to = Math.Min(all.Count, from + int.Parse(request.Query.GetValueOrDefault("limit", "1000000"), CultureInfo.InvariantCulture));
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["metadata"] = new JsonObject { ["resourceVersion"] = Store.Version, ["continue"] = to < all.Count ? $"{to}" : "" },
            ["items"] = new JsonArray([.. all[from..to]]),
        };
    }

    private async Task WatchAsync(HttpContext context, FakeRequest request)
    {
        var version = long.Parse(request.Query["resourceVersion"], CultureInfo.InvariantCulture);
        var changes = Store.Watch(request.Plural, request.Namespace, request.Query.GetValueOrDefault("labelSelector", ""), version);
        using var dropped = CancellationTokenSource.CreateLinkedTokenSource(_watches.Token, context.RequestAborted);
        Interlocked.Increment(ref _openedWatches);
        await context.Response.StartAsync(dropped.Token);
        try
        {
            await foreach (var change in changes.ReadAllAsync(dropped.Token))
            {
                if (change.Type == FakeStore.EndOfWatch)
                {
                    return;
                }

                await _held.WaitAsync(dropped.Token);
                var line = new JsonObject { ["type"] = change.Type, ["object"] = change.Entity.DeepClone() };
                await context.Response.WriteAsync(line.ToJsonString() + "\n", dropped.Token);
                await context.Response.Body.FlushAsync(dropped.Token);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
