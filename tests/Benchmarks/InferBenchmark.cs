using System.Diagnostics;
using System.Globalization;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.Benchmarks;

/// <summary>What a request costs the server beyond what bare Kestrel costs: processor time of the server's process, both in one run.</summary>
internal static class InferBenchmark
{
    private const int Clients = 16;
    private const int WarmUpRequests = 20_000;
    private const int Requests = 60_000;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            var version = Directory.CreateDirectory(Path.Combine(folder.FullName, "models", "1"));
            await File.WriteAllBytesAsync(Path.Combine(version.FullName, "model.onnx"), TestModels.Double(Bodies.Width), cancellationToken);
            foreach (var rows in new[] { 1, 32 })
            {
                var body = Bodies.Tabular(rows);
                var echo = await MeasureAsync(["echo"], "/", body, cancellationToken);
                var infer = await MeasureAsync(["serve", folder.FullName], "/v2/models/m/infer", body, cancellationToken);
                Console.WriteLine($"infer: a request of {rows} rows takes {infer.Seconds / echo.Seconds:F2} times the processor time of a bare Kestrel echo ({infer.Seconds * 1e6:F1} and {echo.Seconds * 1e6:F1} µs here), and {infer.Bytes - echo.Bytes:F0} bytes of managed memory more");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Cost> MeasureAsync(string[] arguments, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            var said = await server.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server said no port.");
            var port = int.Parse(said.Split(' ')[1], CultureInfo.InvariantCulture);
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await SendAsync(client, path, body, WarmUpRequests, cancellationToken);
            var allocatedBefore = await AllocatedAsync(server, cancellationToken);
            server.Refresh();
            var before = server.TotalProcessorTime;
            await SendAsync(client, path, body, Requests, cancellationToken);
            server.Refresh();
            var seconds = (server.TotalProcessorTime - before).TotalSeconds;
            return new(seconds / Requests, (await AllocatedAsync(server, cancellationToken) - allocatedBefore) / Requests);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<double> AllocatedAsync(Process server, CancellationToken cancellationToken)
    {
        await server.StandardInput.WriteLineAsync();
        await server.StandardInput.FlushAsync(cancellationToken);
        var said = await server.StandardOutput.ReadLineAsync(cancellationToken);
        return double.Parse(said ?? throw new InvalidOperationException("The server said nothing of its memory."), CultureInfo.InvariantCulture);
    }

    private static Task SendAsync(HttpClient client, string path, byte[] body, int count, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
        async (_, token) =>
        {
            using var content = new ByteArrayContent(body);
            using var response = await client.PostAsync(path, content, token);
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null, token);
        });

    /// <summary>Of one request: processor time of the server, and managed bytes that it allocated.</summary>
    private readonly record struct Cost(double Seconds, double Bytes);
}
