using Slipway.ModelServer.Tests.Models;

namespace Slipway.Benchmarks;

/// <summary>What a request costs the server beyond what bare Kestrel costs: processor time of the server's process, both in one run.</summary>
internal static class InferBenchmark
{
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

    private static async Task<HttpCost> MeasureAsync(string[] arguments, string path, byte[] body, CancellationToken cancellationToken)
    {
        await using var server = await HttpSide.StartAsync(arguments, cancellationToken);
        await server.SendAsync(path, body, WarmUpRequests, cancellationToken);
        return await server.CostAsync(path, body, Requests, cancellationToken);
    }
}
