using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Storage;

[CancelAfter(180_000)]
[NonParallelizable]
internal sealed class S3StoreTests
{
    private MotoServer? _moto;
    private ModelFolder? _folder;

    private MotoServer Moto => _moto ?? throw new AssertionException("The object store is not running.");

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [OneTimeSetUp]
    public async Task StartAsync() => _moto = await MotoServer.StartAsync(CancellationToken.None);

    [OneTimeTearDown]
    public async Task StopAsync() => await (_moto?.DisposeAsync() ?? ValueTask.CompletedTask);

    [SetUp]
    public void MakeFolder() => _folder = new ModelFolder();

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task A_version_is_downloaded_verified_and_served(CancellationToken cancellationToken)
    {
        var model = TestModels.Double();
        var sums = Sums(("model.onnx", model));
        await Moto.PutAsync("good/1/model.onnx", model, cancellationToken);
        await Moto.PutAsync("good/1/SHA256SUMS", sums, cancellationToken);
        await using var server = await LoadAsync("good", Moto.Port, cancellationToken);

        server.Host.Lifecycle.Status().Digest.Should().Be($"sha256:{Convert.ToHexStringLower(SHA256.HashData(sums))}");
        server.Host.Lifecycle.IsReady.Should().BeTrue();
    }

    [Test]
    public async Task A_file_with_other_bytes_than_its_manifest_says_is_named(CancellationToken cancellationToken)
    {
        var sums = Sums(("model.onnx", [1, 2, 3]));
        await Moto.PutAsync("bad/1/model.onnx", TestModels.Double(), cancellationToken);
        await Moto.PutAsync("bad/1/SHA256SUMS", sums, cancellationToken);

        var load = () => LoadAsync("bad", Moto.Port, cancellationToken);

        (await load.Should().ThrowAsync<ModelRejectedException>()).WithMessage(
            "model.onnx of version 1 in s3://models/bad is not what SHA256SUMS says: expected sha256 039058c6*, got *");
    }

    [Test]
    public async Task Missing_things_are_told_apart(CancellationToken cancellationToken)
    {
        await Moto.PutAsync("versions/2/model.onnx", [1], cancellationToken);
        await Moto.PutAsync("versions/10/model.onnx", [1], cancellationToken);

        var version = () => LoadAsync("versions", Moto.Port, cancellationToken);
        var bucket = () => LoadAsync("versions", Moto.Port, cancellationToken, "nobucket");

        (await version.Should().ThrowAsync<ModelRejectedException>()).WithMessage("There is no version 1 in s3://models/versions. The versions there are 2, 10.*");
        (await bucket.Should().ThrowAsync<ModelRejectedException>()).WithMessage("There is no bucket 'nobucket' at http://127.0.0.1:*");
    }

    [Test]
    public async Task Credentials_that_appear_and_change_later_are_taken_up_while_the_server_lives(CancellationToken cancellationToken)
    {
        await Moto.PutAsync("keys/1/model.onnx", TestModels.Double(), cancellationToken);
        await using var gate = await KeyGate.StartAsync(Moto.Port, admitted: "second", cancellationToken);
        var secret = new MountedVolume(Folder.Other("credentials"));
        secret.Replace(("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{gate.Port}"));
        var clock = new FakeTimeProvider();
        var settings = TestServer.Settings(Folder) with { Uri = new Uri("s3://models/keys") };
        await using var server = await TestServer.StartAsync(settings, cancellationToken, clock: clock);
        var load = server.Host.LoadAsync(cancellationToken);

        await UntilTroubleAsync("*No credentials were found, neither in*");
        secret.Replace(("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{gate.Port}"), ("AWS_ACCESS_KEY_ID", "first"), ("AWS_SECRET_ACCESS_KEY", "s"));
        await UntilTroubleAsync("*The credentials came from*Check the credentials*");
        using var live = await server.Http.GetAsync("/v2/health/live", cancellationToken);
        using var ready = await server.Http.GetAsync("/v2/health/ready", cancellationToken);
        secret.Replace(("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{gate.Port}"), ("AWS_ACCESS_KEY_ID", "second"), ("AWS_SECRET_ACCESS_KEY", "s"));
        await server.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return load.IsCompleted;
            },
            cancellationToken);
        await load;

        live.StatusCode.Should().Be(HttpStatusCode.OK, "an outage of storage is no reason to restart the server");
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        server.Host.Lifecycle.IsReady.Should().BeTrue();

        Task UntilTroubleAsync(string message) => server.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return System.Text.RegularExpressions.Regex.IsMatch(server.Host.Lifecycle.Status().Message, message.Replace("*", ".*", StringComparison.Ordinal));
            },
            cancellationToken);
    }

    private async Task<TestServer> LoadAsync(string prefix, int port, CancellationToken cancellationToken, string bucket = MotoServer.Bucket)
    {
        Folder.With("../credentials", "AWS_ACCESS_KEY_ID", "id\n"u8.ToArray());
        Folder.With("../credentials", "AWS_SECRET_ACCESS_KEY", "secret\n"u8.ToArray());
        Folder.With("../credentials", "AWS_ENDPOINT_URL_S3", Encoding.ASCII.GetBytes($"http://127.0.0.1:{port}"));
        var server = await TestServer.StartAsync(TestServer.Settings(Folder) with { Uri = new Uri($"s3://{bucket}/{prefix}") }, cancellationToken);
        try
        {
            await server.Host.LoadAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static byte[] Sums(params (string Path, byte[] Content)[] files) => Encoding.UTF8.GetBytes(
        string.Concat(files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Content))}  {file.Path}\n")));
}
