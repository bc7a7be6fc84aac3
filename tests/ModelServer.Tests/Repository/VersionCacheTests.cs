using System.Security.Cryptography;
using System.Text;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Repository;

/// <summary>What an earlier run downloaded is used again, and only then when it is what storage holds.</summary>
[CancelAfter(60_000)]
internal sealed class VersionCacheTests
{
    private static readonly byte[] Model = [1, 2, 3, 4];

    private ModelFolder? _folder;

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [SetUp]
    public void MakeFolder() => _folder = new ModelFolder();

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task A_verified_version_is_not_downloaded_again([Values] bool withManifest, CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest);
        var first = await FetchAsync(cancellationToken);

        var second = await FetchAsync(cancellationToken);

        second.Fetched.Should().Be(first.Fetched);
        first.Reads.Should().Contain("model.onnx");
        second.Reads.Should().NotContain("model.onnx");
        (await File.ReadAllBytesAsync(second.Fetched.ModelFile, cancellationToken)).Should().Equal(Model);
    }

    [TestCase("tampered", false)]
    [TestCase("tampered", true)]
    [TestCase("truncated", false)]
    [TestCase("truncated", true)]
    [TestCase("missing", false)]
    [TestCase("missing", true)]
    [TestCase("planted", false)]
    [TestCase("planted", true)]
    [TestCase("linked", false)]
    [TestCase("linked", true)]
    public async Task A_cached_version_that_was_changed_is_never_used(string how, bool withManifest, CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest);
        var first = await FetchAsync(cancellationToken);
        Damage(first.Fetched.ModelFile, how);

        var second = await FetchAsync(cancellationToken);

        second.Fetched.Digest.Should().Be(first.Fetched.Digest);
        second.Reads.Should().Contain("model.onnx");
        second.Said.Should().Contain(line => line.Contains("is damaged", StringComparison.Ordinal));
        (await File.ReadAllBytesAsync(second.Fetched.ModelFile, cancellationToken)).Should().Equal(Model);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(second.Fetched.ModelFile)!).Select(Path.GetFileName)
            .Should().BeEquivalentTo(withManifest ? "model.onnx SHA256SUMS".Split(' ') : ["model.onnx"]);
    }

    [Test]
    public async Task A_cached_manifest_that_was_changed_with_its_files_is_never_used(CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest: true);
        var first = await FetchAsync(cancellationToken);
        await File.WriteAllBytesAsync(first.Fetched.ModelFile, [9], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(first.Fetched.ModelFile)!, "SHA256SUMS"), Sums([9]), cancellationToken);

        var second = await FetchAsync(cancellationToken);

        (await File.ReadAllBytesAsync(second.Fetched.ModelFile, cancellationToken)).Should().Equal(Model);
    }

    [Test]
    public async Task What_storage_changed_since_is_downloaded([Values] bool withManifest, CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest);
        await FetchAsync(cancellationToken);
        Write("1", [5, 6, 7, 8], withManifest);
        File.SetLastWriteTimeUtc(Path.Combine(Folder.Path, "1", "model.onnx"), new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var second = await FetchAsync(cancellationToken);

        (await File.ReadAllBytesAsync(second.Fetched.ModelFile, cancellationToken)).Should().Equal(5, 6, 7, 8);
    }

    [Test]
    public async Task Another_digest_than_was_asked_for_is_refused_before_the_download(CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest: true);
        var store = new CountingStore(new FileStore(Folder.Uri, Folder.Path));
        var settings = TestServer.Settings(Folder) with { Digest = $"sha256:{new string('0', 64)}" };

        var fetch = () => new Fetching().FetchAsync(store, settings, cancellationToken);

        (await fetch.Should().ThrowAsync<ModelRejectedException>()).WithMessage("Version 1 in file://* has other bytes than were asked for: expected digest sha256:000*");
        store.Reads.Should().Equal("SHA256SUMS");
    }

    [Test]
    public async Task The_versions_used_longest_ago_make_room(CancellationToken cancellationToken)
    {
        foreach (var version in (string[])["1", "2", "3"])
        {
            Write(version, RandomNumberGenerator.GetBytes(1000), withManifest: true);
        }

        var one = await FetchAsync(cancellationToken, "1");
        var two = await FetchAsync(cancellationToken, "2");
        Directory.SetLastWriteTimeUtc(Entry(one.Fetched), new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var three = await FetchAsync(cancellationToken, "3", cacheBytes: 3000);

        Directory.Exists(Entry(one.Fetched)).Should().BeTrue();
        Directory.Exists(Entry(two.Fetched)).Should().BeFalse();
        Directory.Exists(Entry(three.Fetched)).Should().BeTrue();
    }

    [Test]
    public async Task A_disk_that_is_full_is_told_before_anything_is_downloaded(CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest: false);
        var store = new CountingStore(new FileStore(Folder.Uri, Folder.Path));

        var fetch = () => new Fetching { FreeBytes = () => 3 }.FetchAsync(store, TestServer.Settings(Folder), cancellationToken);

        (await fetch.Should().ThrowAsync<IOException>()).WithMessage("The disk is full: the version takes 4 bytes and 3 are free.");
        store.Reads.Should().BeEmpty();
    }

    [Test]
    public async Task What_an_earlier_run_had_only_begun_is_removed(CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest: false);
        var left = Path.Combine(Folder.Cache, "incoming", "files", "left.bin");
        var stranger = Path.Combine(Folder.Cache, "versions", "1", "model.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        Directory.CreateDirectory(Path.GetDirectoryName(stranger)!);
        await File.WriteAllBytesAsync(left, [1], cancellationToken);
        await File.WriteAllBytesAsync(stranger, [1], cancellationToken);

        var fetched = await FetchAsync(cancellationToken);

        File.Exists(stranger).Should().BeFalse();
        Directory.GetFiles(Entry(fetched.Fetched), "left.bin", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Test]
    public async Task A_claim_is_read_where_it_is_mounted(CancellationToken cancellationToken)
    {
        Folder.With("team-models/fraud/1", "model.onnx", Model);
        var settings = TestServer.Settings(Folder) with { Uri = new Uri("pvc://team-models/fraud"), ClaimsDirectory = Folder.Path };

        var fetched = await new Fetching().FetchAsync(settings, cancellationToken);

        (await File.ReadAllBytesAsync(fetched.ModelFile, cancellationToken)).Should().Equal(Model);
    }

    [Test]
    public async Task A_version_of_impossible_size_is_refused(CancellationToken cancellationToken)
    {
        Write("1", Model, withManifest: false);
        var store = new CountingStore(new FileStore(Folder.Uri, Folder.Path)) { Sizes = long.MaxValue };

        var fetch = () => new Fetching().FetchAsync(store, TestServer.Settings(Folder), cancellationToken);

        (await fetch.Should().ThrowAsync<ModelRejectedException>()).WithMessage("* is larger than 64 GiB; *");
    }

    private async Task<(FetchedVersion Fetched, IReadOnlyList<string> Reads, IReadOnlyList<string> Said)> FetchAsync(
        CancellationToken cancellationToken, string version = "1", long cacheBytes = long.MaxValue)
    {
        var store = new CountingStore(new FileStore(Folder.Uri, Folder.Path));
        var fetching = new Fetching { CacheBytes = cacheBytes };
        ServerSettings settings = TestServer.Settings(Folder) with { Version = version };
        return (await fetching.FetchAsync(store, settings, cancellationToken), [.. store.Reads], fetching.Said);
    }

    private void Write(string version, byte[] model, bool withManifest)
    {
        Folder.With(version, "model.onnx", model);
        if (withManifest)
        {
            Folder.With(version, "SHA256SUMS", Sums(model));
        }
    }

    private static void Damage(string modelFile, string how)
    {
        var written = File.GetLastWriteTimeUtc(modelFile);
        switch (how)
        {
            case "tampered":
                File.WriteAllBytes(modelFile, [1, 2, 3, 5]);
                File.SetLastWriteTimeUtc(modelFile, written);
                break;
            case "truncated":
                File.WriteAllBytes(modelFile, Model[..2]);
                break;
            case "missing":
                File.Delete(modelFile);
                break;
            case "planted":
                File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(modelFile)!, "weights.bin"), [1]);
                break;
            case "linked":
                // To the same bytes, so that only the link itself tells.
                var elsewhere = Path.Combine(modelFile, "../../../../..", "elsewhere.onnx");
                elsewhere = Path.GetFullPath(elsewhere);
                File.WriteAllBytes(elsewhere, Model);
                File.Delete(modelFile);
                File.CreateSymbolicLink(modelFile, elsewhere);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how), how, "is no damage");
        }
    }

    private static string Entry(FetchedVersion fetched) => Path.GetDirectoryName(Path.GetDirectoryName(fetched.ModelFile))!;

    private static byte[] Sums(byte[] model) => Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(model))}  model.onnx\n");
}
