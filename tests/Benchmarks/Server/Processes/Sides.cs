using System.Diagnostics;
using System.Globalization;
using System.Net;
using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Server.Processes;

/// <summary>The programs that are compared, as they were published, and how a run of each is measured.</summary>
internal sealed class Sides(string publishFolder) : IDisposable
{
    /// <summary>The model server as images hold it.</summary>
    public const string Published = "server";

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
    private int _servers;
    private int _saved;

    /// <summary>The model server with one version of a model.</summary>
    public Task<ServerProcess> ServeAsync(byte[] model, CancellationToken cancellationToken, ServeForm? form = null)
    {
        form ??= new ServeForm();
        var root = Path.Combine(_folder, $"{++_servers}");
        var version = Directory.CreateDirectory(Path.Combine(root, "models", "1"));
        File.WriteAllBytes(Path.Combine(version.FullName, "model.onnx"), model);
        if (form.ModelYaml.Length > 0)
        {
            File.WriteAllText(Path.Combine(version.FullName, "model.yaml"), form.ModelYaml);
        }

        return ServerProcess.StartAsync(
            Path.Combine(publishFolder, form.Build, "slipway-server"),
            ports =>
            [
                "serve", "--model", "m", "--version", "1", "--uri", $"file://{root}/models", "--http-port", Text(ports.Http), "--grpc-port", Text(ports.Grpc),
                "--management-port", "0", "--cache", Path.Combine(root, "cache"), "--log-level", "Warning", .. form.Arguments,
            ],
            form.Probe ?? (() => new HttpRequestMessage(HttpMethod.Get, "/v2/health/ready")),
            cancellationToken,
            form.TellsAllocations);
    }

    /// <summary>The reference: reads a body and answers so many bytes, over HTTP/1.1 and as a gRPC message.</summary>
    public Task<ServerProcess> BareAsync(int answerBytes, CancellationToken cancellationToken, bool tellsAllocations = false) => ServerProcess.StartAsync(
        Path.Combine(publishFolder, "bare", "bare-server"),
        ports => [Text(ports.Http), Text(answerBytes), Text(ports.Grpc)],
        () => new HttpRequestMessage(HttpMethod.Get, "/"),
        cancellationToken,
        tellsAllocations);

    /// <summary>The framework's gRPC server, which parses a message and answers what it holds.</summary>
    public static Task<ServerProcess> GrpcEchoAsync(CancellationToken cancellationToken) => ServerProcess.StartAsync(
        Environment.ProcessPath!,
        ports => ["grpc-echo", Text(ports.Http), Text(ports.Grpc)],
        () => new HttpRequestMessage(HttpMethod.Get, "/"),
        cancellationToken);

    /// <summary>Processor time of the server for each request of the load.</summary>
    public static async Task<Measurement> MeasureAsync(ServerProcess server, ILoad load, CancellationToken cancellationToken)
    {
        var before = server.CpuSeconds;
        var (requests, seconds) = await load.RunAsync(server, BenchOptions.Run, cancellationToken);
        return new((server.CpuSeconds - before) / requests, requests / seconds);
    }

    /// <returns>The file that it is in now.</returns>
    public async Task<string> SaveAsync(byte[] model, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, $"{++_saved}.onnx");
        await File.WriteAllBytesAsync(file, model, cancellationToken);
        return file;
    }

    /// <summary>Processor time of the model by itself for each row.</summary>
    public static async Task<Measurement> DriveAsync(string modelFile, int threads, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["drive", modelFile, Text(threads), BenchOptions.Run.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var driver = Process.Start(start) ?? throw new InvalidOperationException("The driver did not start.");
        var said = (await driver.StandardOutput.ReadToEndAsync(cancellationToken)).Split(' ');
        await driver.WaitForExitAsync(cancellationToken);
        double[] numbers = [.. said.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new(numbers[2] / numbers[0], numbers[0] / numbers[1]);
    }

    /// <summary>The length of the server's answer to a request.</summary>
    public static async Task<int> AnswerBytesAsync(ServerProcess server, Request request, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        using var message = request.ToMessage();
        using var response = await client.SendAsync(message, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? (await response.Content.ReadAsByteArrayAsync(cancellationToken)).Length
            : throw new InvalidOperationException($"The server refuses the request: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the model server is started.</summary>
internal sealed record ServeForm
{
    /// <summary>The folder of a build.</summary>
    public string Build { get; init; } = Sides.Published;

    /// <summary>Empty leaves the model without one.</summary>
    public string ModelYaml { get; init; } = "";

    public string[] Arguments { get; init; } = [];

    public bool TellsAllocations { get; init; }

    /// <summary>What must be answered well before the server counts as started; null asks for its readiness.</summary>
    public Func<HttpRequestMessage>? Probe { get; init; }
}
