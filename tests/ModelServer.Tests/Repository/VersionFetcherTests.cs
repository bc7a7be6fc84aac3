using System.Security.Cryptography;
using System.Text;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Repository;

[CancelAfter(60_000)]
internal sealed class VersionFetcherTests
{
    private static readonly byte[] Model = TestModels.Double();
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Model));

    [TestCase("{0}  ../model.onnx", "line 1 names '../model.onnx', which is not a path inside the version's folder;")]
    [TestCase("{0}  a/../../model.onnx", "line 1 names 'a/../../model.onnx', which is not a path inside")]
    [TestCase("{0}  /etc/passwd", "line 1 names '/etc/passwd', which is not a path inside")]
    [TestCase("{0}  a\\b", "line 1 names 'a\\b', which is not a path inside")]
    [TestCase("{0}  model.onnx\n{0}  model.onnx", "line 2 names model.onnx a second time;")]
    [TestCase("{0}  model.onnx\n{0} *./model.onnx", "line 2 names model.onnx a second time;")]
    [TestCase("{0}  model.onnx\n{0}  SHA256SUMS", "line 2 names the manifest itself, whose hash it cannot hold;")]
    [TestCase("{0} model.onnx", "line 1 is not 64 hex digits, two spaces and a path;")]
    [TestCase("zz  model.onnx", "line 1 is not 64 hex digits, two spaces and a path;")]
    [TestCase("{0}  model.onnx\n{0}  gone.bin", "of version 1 in *models names gone.bin, which is not there; upload it, or write the manifest again.")]
    [TestCase("{0}  extra.bin", "of version 1 in *models does not name model.onnx; write the manifest again over all files.")]
    [TestCase("", "of version 1 in *models does not name model.onnx; write the manifest again over all files.")]
    public async Task A_manifest_that_is_wrong_is_refused_with_what_is_wrong(string manifest, string expected, CancellationToken cancellationToken)
    {
        using var folder = Folder(string.Format(System.Globalization.CultureInfo.InvariantCulture, manifest, Hash));

        var load = () => LoadAsync(folder, cancellationToken);

        (await load.Should().ThrowAsync<ModelRejectedException>()).WithMessage($"SHA256SUMS {expected}*");
    }

    [Test]
    public async Task A_manifest_that_is_too_large_is_not_read(CancellationToken cancellationToken)
    {
        using var folder = Folder(new string('\n', (1 << 20) + 1));

        var load = () => LoadAsync(folder, cancellationToken);

        (await load.Should().ThrowAsync<ModelRejectedException>()).WithMessage("SHA256SUMS of version 1 in *models is larger than 1048576 bytes.");
    }

    [Test]
    public async Task Files_that_no_manifest_vouches_for_are_left_where_they_are(CancellationToken cancellationToken)
    {
        using var folder = Folder($"{Hash}  model.onnx\r\n");

        await using var server = await LoadAsync(folder, cancellationToken);

        Directory.GetFiles(Path.Combine(Directory.GetDirectories(Path.Combine(folder.Cache, "versions")).Single(), "files")).Select(Path.GetFileName).Should().BeEquivalentTo("model.onnx", "SHA256SUMS");
    }

    [Test]
    public async Task Other_bytes_than_the_digest_says_are_refused(CancellationToken cancellationToken)
    {
        using var folder = Folder($"{Hash}  model.onnx\n");
        var load = () => LoadAsync(folder, cancellationToken, digest: $"sha256:{Hash}");

        (await load.Should().ThrowAsync<ModelRejectedException>()).WithMessage($"Version 1 in *models has other bytes than were asked for: expected digest sha256:{Hash}, got sha256:*");
    }

    private static ModelFolder Folder(string manifest) =>
        new ModelFolder().WithModel(Model).With("1", "extra.bin", Model).With("1", "SHA256SUMS", Encoding.ASCII.GetBytes(manifest));

    private static async Task<TestServer> LoadAsync(ModelFolder folder, CancellationToken cancellationToken, string digest = "")
    {
        var server = await TestServer.StartAsync(TestServer.Settings(folder) with { Digest = digest }, cancellationToken);
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
}
