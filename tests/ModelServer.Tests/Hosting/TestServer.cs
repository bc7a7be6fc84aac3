using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>The server in this process, on ports of its own, with a client for it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ModelFolder? _owned;
    private readonly CancellationTokenSource _following = new();
    private Task _followed = Task.CompletedTask;

    private TestServer(ModelServerHost host, ModelFolder? owned)
    {
        Host = host;
        _owned = owned;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}"), Timeout = TimeSpan.FromSeconds(60) };
        Management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.ManagementPort}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public ModelServerHost Host { get; }

    /// <summary>Calls that the loaded model has lent to requests.</summary>
    public int CallsOut => Host.Versions.Newest?.Session.CallsOut ?? 0;

    public HttpClient Http { get; }

    public HttpClient Management { get; }

    public static ServerSettings Settings(ModelFolder folder) => new()
    {
        Model = "m",
        Uri = folder.Uri,
        Version = "1",
        BindAddress = IPAddress.Loopback,
        HttpPort = 0,
        GrpcPort = 0,
        ManagementPort = 0,
        CacheDirectory = folder.Cache,
        CredentialsDirectory = folder.Other("credentials"),
    };

    /// <summary>Listens, and loads nothing yet.</summary>
    public static async Task<TestServer> StartAsync(
        ServerSettings settings, CancellationToken cancellationToken, ModelFolder? owned = null, TimeProvider? clock = null) =>
        new(await ModelServerHost.StartAsync(settings, Quiet, clock ?? TimeProvider.System, cancellationToken), owned);

    /// <summary>Serves version 1 of model <c>m</c>.</summary>
    public static Task<TestServer> ServeAsync(
        byte[] model, CancellationToken cancellationToken, Func<ServerSettings, ServerSettings>? change = null, TimeProvider? clock = null) =>
        ServeAsync(new ModelFolder().WithModel(model), cancellationToken, change, clock);

    /// <summary>Serves version 1 of model <c>m</c> from a folder, which goes with the server.</summary>
    public static async Task<TestServer> ServeAsync(
        ModelFolder folder, CancellationToken cancellationToken, Func<ServerSettings, ServerSettings>? change = null, TimeProvider? clock = null)
    {
        var settings = Settings(folder);
        var server = await StartAsync(change?.Invoke(settings) ?? settings, cancellationToken, folder, clock);
        await server.Host.LoadAsync(cancellationToken);
        return server;
    }

    /// <summary>Serves what the settings name, and follows it as the settings say.</summary>
    public static async Task<TestServer> FollowAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        var server = await StartAsync(settings, cancellationToken);
        await server.Host.LoadAsync(cancellationToken);
        server._followed = server.Host.FollowAsync(server._following.Token);
        return server;
    }

    /// <summary>A request to <see cref="Models.TestModels.Counting"/>.</summary>
    public static string Count(long to) => $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":[{{to}}]}]}""";

    /// <summary>Waits for a condition. Each turn is a request to the server, so this neither sleeps nor spins.</summary>
    public async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (!holds())
        {
            using var _ = await Management.GetAsync("/status", cancellationToken);
        }
    }

    /// <summary>Sum over the series of a metric whose labels match.</summary>
    public async Task<double> MetricAsync(string name, string labels, CancellationToken cancellationToken)
    {
        var text = await Management.GetStringAsync("/metrics", cancellationToken);
        return Regex.Matches(text, $"^{name}\\{{[^}}]*{labels}[^}}]*\\}} (\\S+)", RegexOptions.Multiline)
            .Sum(series => double.Parse(series.Groups[^1].Value, CultureInfo.InvariantCulture));
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> InferAsync(string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return (response.StatusCode, JsonNode.Parse(body) ?? throw new AssertionException($"The answer is no JSON: {body}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _following.CancelAsync();
        try
        {
            await _followed;
        }
        catch (OperationCanceledException) when (_following.IsCancellationRequested)
        {
            // As it was asked to.
        }

        _following.Dispose();
        Http.Dispose();
        Management.Dispose();
        await Host.DisposeAsync();
        _owned?.Dispose();
    }

    private static void Quiet(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.None);
}
