using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A real S3-compatible server on a port of its own, with one bucket <c>models</c>. It checks no signature; <see cref="SignatureCheck"/> does.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    public const string Bucket = "models";

    private readonly ToolProcess _process;

    private MotoServer(ToolProcess process)
    {
        _process = process;
        Client = new AmazonS3Client(new BasicAWSCredentials("id", "secret"), new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{process.Port}",
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    public int Port => _process.Port;

    public AmazonS3Client Client { get; }

    public static async Task<MotoServer> StartAsync(CancellationToken cancellationToken)
    {
        // Pages of three, so that every listing has some.
        var environment = new Dictionary<string, string> { ["MOTO_S3_DEFAULT_MAX_KEYS"] = "3" };
        var server = new MotoServer(await ToolProcess.StartAsync("moto_server", port => ["-H", "127.0.0.1", "-p", $"{port}"], environment, cancellationToken));
        await server.Client.PutBucketAsync(Bucket, cancellationToken);
        return server;
    }

    public Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => Client.PutObjectAsync(
        new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
