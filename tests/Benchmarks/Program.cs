using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks;

/// <summary>Ratios, not times: both sides of each comparison run in one go on one machine, so that its speed cancels out.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["parse"]:
                ParseBenchmark.Run();
                return 0;
            case ["server", .. var rest] when BenchOptions.TryParse(rest) is { } options:
                return await ServerBench.RunAsync(options, CancellationToken.None);
            case ["drive", .. var rest]:
                return InProcessDriver.Run(rest);
            default:
                await Console.Error.WriteLineAsync("usage: build.sh bench parse | server [--quick] [NAME…]");
                return 2;
        }
    }
}
