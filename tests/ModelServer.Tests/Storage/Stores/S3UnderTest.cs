using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Storage.Stores;

internal sealed class S3UnderTest(MotoServer moto) : StoreUnderTest
{
    public override int Port => moto.Port;

    public override string? NoContainer => "There is no bucket 'nothing' at http://127.0.0.1:*";

    public override Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => moto.PutAsync(key, content, cancellationToken);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) => moto.Client.DeleteObjectAsync(MotoServer.Bucket, key, cancellationToken);

    public override Uri Uri(string prefix, int port, string? container = null) => new($"s3://{container ?? MotoServer.Bucket}/{prefix}");

    public override IReadOnlyDictionary<string, string> Secret(int port) => new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = "id\n",
        ["AWS_SECRET_ACCESS_KEY"] = "hidden-secret\n",
        ["AWS_ENDPOINT_URL_S3"] = $"http://127.0.0.1:{port}",
    };

    public override bool IsRead(string method, string path, string query) => path.Trim('/').Contains('/', StringComparison.Ordinal);

    public override ValueTask DisposeAsync() => moto.DisposeAsync();
}
