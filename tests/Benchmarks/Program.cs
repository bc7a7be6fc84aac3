using Slipway.Benchmarks.Server;
using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks;

/// <summary>Ratios, not times: both sides of each comparison run in one go on one machine, so that its speed cancels out.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["echo"]:
                return await EchoServer.RunAsync(CancellationToken.None);
            case ["serve", var folder]:
                return await ModelUnderTest.RunAsync(folder, host => host.HttpPort, CancellationToken.None);
            case ["grpc-echo"]:
                return await GrpcEchoServer.RunAsync(CancellationToken.None);
            case ["grpc-serve", var folder]:
                return await ModelUnderTest.RunAsync(folder, host => host.GrpcPort, CancellationToken.None);
            case []:
                ParseBenchmark.Run();
                FormatBenchmark.Run();
                CountBenchmark.Run();
                await InferBenchmark.RunAsync(CancellationToken.None);
                await GrpcBenchmark.RunAsync(CancellationToken.None);
                return 0;
            case ["parse"]:
                ParseBenchmark.Run();
                return 0;
            case ["format"]:
                FormatBenchmark.Run();
                return 0;
            case ["count"]:
                CountBenchmark.Run();
                return 0;
            case ["infer"]:
                await InferBenchmark.RunAsync(CancellationToken.None);
                return 0;
            case ["grpc"]:
                await GrpcBenchmark.RunAsync(CancellationToken.None);
                return 0;
            case ["server", .. var rest] when BenchOptions.TryParse(rest) is { } options:
                return await ServerBench.RunAsync(options, CancellationToken.None);
            case ["drive", .. var rest]:
                return InProcessDriver.Run(rest);
            case ["load-grpc"]:
                return await GrpcLoader.RunAsync(CancellationToken.None);
            case ["load-open"]:
                return await OpenLoopLoader.RunAsync(CancellationToken.None);
            default:
                await Console.Error.WriteLineAsync("usage: build.sh bench [parse|format|count|infer|grpc|server [--quick] [FIGURE…]]");
                return 2;
        }
    }
}
