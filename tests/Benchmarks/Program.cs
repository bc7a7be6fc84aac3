using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Benchmarks.Fleet;
using Slipway.Benchmarks.Server;
using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;
using Slipway.ModelServer.Configuration;

namespace Slipway.Benchmarks;

/// <summary>Ratios, not times: both sides of each comparison run in one go on one machine, so that its speed cancels out.</summary>
internal static class Program
{
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            return await RunAsync(args, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    // The servers under test are processes of their own, and end only when they are told to.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case ["echo"]:
                return await EchoServer.RunAsync(cancellationToken);
            case ["serve", var folder]:
                return await ModelUnderTest.RunAsync(folder, host => host.HttpPort, cancellationToken);
            case ["serve", var folder, var requestLog]:
                return await ModelUnderTest.RunAsync(folder, host => host.HttpPort, cancellationToken, Enum.Parse<RequestLogging>(requestLog));
            case ["grpc-echo"]:
                return await GrpcEchoServer.RunAsync(cancellationToken);
            case ["grpc-echo", var port, var grpcPort]:
                return await GrpcEchoServer.RunAsync(
                    int.Parse(port, CultureInfo.InvariantCulture), int.Parse(grpcPort, CultureInfo.InvariantCulture), cancellationToken);
            case ["grpc-serve", var folder]:
                return await ModelUnderTest.RunAsync(folder, host => host.GrpcPort, cancellationToken);
            case []:
                ParseBenchmark.Run();
                FormatBenchmark.Run();
                CountBenchmark.Run();
                await DriftBenchmark.RunAsync(cancellationToken);
                await TelemetryBenchmark.RunAsync(cancellationToken);
                await InferBenchmark.RunAsync(cancellationToken);
                await GrpcBenchmark.RunAsync(cancellationToken);
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
            case ["drift"]:
                await DriftBenchmark.RunAsync(cancellationToken);
                return 0;
            case ["telemetry"]:
                await TelemetryBenchmark.RunAsync(cancellationToken);
                return 0;
            case ["infer"]:
                await InferBenchmark.RunAsync(cancellationToken);
                return 0;
            case ["grpc"]:
                await GrpcBenchmark.RunAsync(cancellationToken);
                return 0;
            case ["server", .. var rest] when BenchOptions.TryParse(rest) is { } options:
                return await ServerBench.RunAsync(options, cancellationToken);
            case ["operator", .. var rest] when FleetOptions.TryParse(rest) is { } options:
                return await FleetBench.RunAsync(options, cancellationToken);
            case ["apply", var kubeconfig, var manifest, var models]:
                return await BareClient.RunAsync(kubeconfig, manifest, int.Parse(models, CultureInfo.InvariantCulture), cancellationToken);
            case ["windows", var pods, var port]:
                return await WindowServer.RunAsync(int.Parse(pods, CultureInfo.InvariantCulture), int.Parse(port, CultureInfo.InvariantCulture), cancellationToken);
            case [WindowClient.Word]:
                return await WindowClient.RunAsync(cancellationToken);
            case ["drive", .. var rest]:
                return InProcessDriver.Run(rest);
            case ["load-grpc"]:
                return await GrpcLoader.RunAsync(cancellationToken);
            case ["load-open"]:
                return await OpenLoopLoader.RunAsync(cancellationToken);
            default:
                await Console.Error.WriteLineAsync("usage: build.sh bench [parse|format|count|drift|telemetry|infer|grpc|server [--quick] [FIGURE…]|operator [--quick] [windows]]");
                return 2;
        }
    }
}
