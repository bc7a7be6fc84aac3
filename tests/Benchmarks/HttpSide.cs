using System.Diagnostics;
using System.Globalization;

namespace Slipway.Benchmarks;

/// <summary>A server under test in a process of its own, and requests to it over HTTP/1.1.</summary>
internal sealed class HttpSide : IAsyncDisposable
{
    private const int Clients = 16;

    private readonly Process _server;
    private readonly HttpClient _client;

    private HttpSide(Process server, int port)
    {
        _server = server;
        Port = port;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public int Port { get; }

    /// <param name="arguments">Of this program, which say what it is to serve.</param>
    /// <param name="readsLog">Whether its log is read, and forgotten.</param>
    /// <param name="environment">Variables that it has besides.</param>
    public static async Task<HttpSide> StartAsync(
        string[] arguments, CancellationToken cancellationToken, bool readsLog = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = readsLog };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var server = Process.Start(start)!;
        if (readsLog)
        {
            server.BeginErrorReadLine();
        }

        try
        {
            var said = await server.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server said no port.");
            return new HttpSide(server, int.Parse(said.Split(' ')[1], CultureInfo.InvariantCulture));
        }
        catch
        {
            await EndAsync(server);
            throw;
        }
    }

    /// <summary>Processor time and managed memory of one request, over so many of them.</summary>
    public async Task<HttpCost> CostAsync(string path, byte[] body, int requests, CancellationToken cancellationToken)
    {
        var allocatedBefore = await AllocatedAsync(cancellationToken);
        _server.Refresh();
        var before = _server.TotalProcessorTime;
        await SendAsync(path, body, requests, cancellationToken);
        _server.Refresh();
        var seconds = (_server.TotalProcessorTime - before).TotalSeconds;
        return new(seconds / requests, (await AllocatedAsync(cancellationToken) - allocatedBefore) / requests);
    }

    public Task SendAsync(string path, byte[] body, int requests, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, requests),
        new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
        async (_, token) =>
        {
            using var content = new ByteArrayContent(body);
            using var response = await _client.PostAsync(path, content, token);
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null, token);
        });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await EndAsync(_server);
    }

    private static async Task EndAsync(Process server)
    {
        using (server)
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<double> AllocatedAsync(CancellationToken cancellationToken)
    {
        await _server.StandardInput.WriteLineAsync();
        await _server.StandardInput.FlushAsync(cancellationToken);
        var said = await _server.StandardOutput.ReadLineAsync(cancellationToken);
        return double.Parse(said ?? throw new InvalidOperationException("The server said nothing of its memory."), CultureInfo.InvariantCulture);
    }
}

/// <summary>Of one request: processor time of the server, and managed bytes that it allocated.</summary>
internal readonly record struct HttpCost(double Seconds, double Bytes);
