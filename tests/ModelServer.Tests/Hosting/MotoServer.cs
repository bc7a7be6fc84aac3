using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A real S3-compatible server on a port of its own, with one bucket <c>models</c>.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    public const string Bucket = "models";

    private readonly Process _process;

    private MotoServer(Process process, int port)
    {
        _process = process;
        Port = port;
        Client = new AmazonS3Client(new BasicAWSCredentials("id", "secret"), new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{port}",
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    public int Port { get; }

    public AmazonS3Client Client { get; }

    public static async Task<MotoServer> StartAsync(CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Find(), ["-H", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new AssertionException("moto_server could not be started.");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new MotoServer(process, port);
        await server.UntilUpAsync(cancellationToken);
        await server.Client.PutBucketAsync(Bucket, cancellationToken);
        return server;
    }

    public Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => Client.PutObjectAsync(
        new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Find()
    {
        var given = Environment.GetEnvironmentVariable("SLIPWAY_MOTO");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); string.IsNullOrEmpty(given) && folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, ".tools", "bin", "moto_server");
            given = File.Exists(candidate) ? candidate : null;
        }

        return given ?? throw new AssertionException("There is no .tools/bin/moto_server: run ./build.sh tools, or name one in SLIPWAY_MOTO.");
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task UntilUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }
}
