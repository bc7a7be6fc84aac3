using System.Diagnostics;
using System.Globalization;

namespace Slipway.Benchmarks.Server;

/// <summary>The programs that are compared, as they were published, and how a run of each is measured.</summary>
internal sealed class Sides(string publishFolder, BenchOptions options) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
    private int _servers;

    /// <summary>The model server with one version of a model.</summary>
    /// <param name="build">Which build of it: <c>server</c> is the one that images hold.</param>
    public Task<ServerProcess> ServeAsync(byte[] model, CancellationToken cancellationToken, string build = "server", params string[] more)
    {
        var root = Path.Combine(_folder, $"{++_servers}");
        var version = Directory.CreateDirectory(Path.Combine(root, "models", "1"));
        File.WriteAllBytes(Path.Combine(version.FullName, "model.onnx"), model);
        return ServerProcess.StartAsync(
            Path.Combine(publishFolder, build, "slipway-server"),
            port =>
            [
                "serve", "--model", "m", "--version", "1", "--uri", $"file://{root}/models", "--http-port", Text(port), "--grpc-port", "0",
                "--management-port", "0", "--cache", Path.Combine(root, "cache"), "--log-level", "Warning", .. more,
            ],
            "/v2/health/ready",
            cancellationToken);
    }

    public Task<ServerProcess> BareAsync(int answerBytes, CancellationToken cancellationToken) => ServerProcess.StartAsync(
        Path.Combine(publishFolder, "bare", "bare-server"), port => [Text(port), Text(answerBytes)], "/", cancellationToken);

    /// <summary>Processor time of the server for each request of the load.</summary>
    public async Task<Measurement> MeasureAsync(ServerProcess server, WrkLoad load, CancellationToken cancellationToken)
    {
        var before = server.CpuSeconds;
        var (requests, seconds) = await load.RunAsync(server.Port, options.Run, cancellationToken);
        return new((server.CpuSeconds - before) / requests, requests / seconds);
    }

    /// <summary>Processor time of the model by itself for each row.</summary>
    public async Task<Measurement> DriveAsync(byte[] model, int threads, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "driven.onnx");
        await File.WriteAllBytesAsync(file, model, cancellationToken);
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["drive", file, Text(threads), options.Run.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var driver = Process.Start(start) ?? throw new InvalidOperationException("The driver did not start.");
        var said = (await driver.StandardOutput.ReadToEndAsync(cancellationToken)).Split(' ');
        await driver.WaitForExitAsync(cancellationToken);
        double[] numbers = [.. said.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new(numbers[2] / numbers[0], numbers[0] / numbers[1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
