using Slipway.ModelServer.Configuration;

namespace Slipway.Benchmarks;

/// <summary>
/// What it costs to tell of every request: by a line of log, and by a span that is exported over OTLP. The model is one of the smallest, so that
/// nothing hides the cost.
/// </summary>
internal static class TelemetryBenchmark
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            async Task<string> ModelAsync(string name) => await ModelUnderTest.WriteAsync(folder.CreateSubdirectory(name), BenchModels.Tabular(), baseline: null, cancellationToken);
            await using var collector = await HttpSide.StartAsync(["echo"], cancellationToken);
            await using var silent = await HttpSide.StartAsync(["serve", await ModelAsync("silent")], cancellationToken);
            await using (var logging = await HttpSide.StartAsync(["serve", await ModelAsync("logging"), nameof(RequestLogging.All)], cancellationToken, readsLog: true))
            {
                (await CpuComparison.MeasureAsync(silent, logging, cancellationToken)).Print("request_log_all_cpu_vs_none", "a whole request over the wire");
            }

            var environment = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{collector.Port}",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            };
            await using var tracing = await HttpSide.StartAsync(["serve", await ModelAsync("tracing")], cancellationToken, environment: environment);
            (await CpuComparison.MeasureAsync(silent, tracing, cancellationToken)).Print("traced_cpu_vs_untraced", "a whole request over the wire, every one of them sampled");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
