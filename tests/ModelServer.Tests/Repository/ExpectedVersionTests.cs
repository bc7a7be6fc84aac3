using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Repository;

/// <summary>What <c>live.yaml</c> says of the bytes that a version had when it was served first.</summary>
[CancelAfter(60_000)]
internal sealed class ExpectedVersionTests
{
    private static readonly string Other = $"sha256:{new string('0', 64)}";

    private ModelFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ModelFolder().WithModel(TestModels.Double());

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Other_bytes_than_were_served_first_are_refused_with_what_to_do(CancellationToken cancellationToken)
    {
        var load = () => DigestAsync(Expect(_folder.Uri.OriginalString, "1", Other), cancellationToken);

        (await load.Should().ThrowAsync<DigestChangedException>()).WithMessage(
            $"Version 1 in file://*models has other bytes than when it was served first: its digest was {Other} and is sha256:*. Publish changed bytes as a new version, put the old ones back, or *");
    }

    [Test]
    public async Task The_same_bytes_are_loaded(CancellationToken cancellationToken)
    {
        var digest = await DigestAsync(TestServer.Settings(_folder), cancellationToken);

        (await DigestAsync(Expect(_folder.Uri.OriginalString, "1", digest), cancellationToken)).Should().Be(digest);
    }

    [TestCase("", "2")]
    [TestCase("/other", "1")]
    public async Task What_is_said_of_another_version_or_place_is_not_looked_at(string below, string version, CancellationToken cancellationToken) =>
        (await DigestAsync(Expect($"{_folder.Uri.OriginalString}{below}", version, Other), cancellationToken)).Should().StartWith("sha256:");

    [Test]
    public async Task A_digest_that_the_server_was_started_with_wins(CancellationToken cancellationToken)
    {
        var digest = await DigestAsync(TestServer.Settings(_folder), cancellationToken);

        (await DigestAsync(Expect(_folder.Uri.OriginalString, "1", Other) with { Digest = digest }, cancellationToken)).Should().Be(digest);
    }

    [Test]
    public async Task A_version_that_answers_goes_on_when_its_folder_is_overwritten(CancellationToken cancellationToken)
    {
        var volume = new MountedVolume(_folder.Other("live"));
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var server = await TestServer.StartAsync(
            TestServer.Settings(_folder) with { LiveDirectory = _folder.Other("live") }, cancellationToken, clock: clock);
        await server.Host.LoadAsync(cancellationToken);

        _folder.WithModel(TestModels.Sum());
        volume.Replace((ServerContract.LiveFile, Live(_folder.Uri.OriginalString, "1", Other)));
        clock.Advance(LiveFile.Period);
        while (!(await server.Management.GetStringAsync("/status", cancellationToken)).Contains(Other, StringComparison.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        server.Host.Lifecycle.IsReady.Should().BeTrue();
        server.Host.Lifecycle.Status().Message.Should().BeEmpty();
    }

    [Test]
    public async Task What_becomes_known_during_the_download_counts(CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(TestModels.Double()));
        var settings = TestServer.Settings(_folder.WithText("SHA256SUMS", $"{hash}  model.onnx\n"));
        using var store = ModelStores.Open(settings, TimeProvider.System);
        using var cache = CacheFolder.Open(settings.CacheDirectory, long.MaxValue);
        var logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        var fetcher = new VersionFetcher(store, cache, new StorageRetry(_ => { }, TimeProvider.System, logger), TimeProvider.System, logger);
        var known = false;

        var fetch = () => fetcher.FetchAsync("1", () => known ? new(Other, WasServed: true) : Learn(), cancellationToken);

        await fetch.Should().ThrowAsync<DigestChangedException>();

        ExpectedDigest Learn()
        {
            known = true;
            return new("");
        }
    }

    private ServerSettings Expect(string uri, string version, string digest)
    {
        new MountedVolume(_folder.Other("live")).Replace((ServerContract.LiveFile, Live(uri, version, digest)));
        return TestServer.Settings(_folder) with { LiveDirectory = _folder.Other("live") };
    }

    private static string Live(string uri, string version, string digest) => $"expected: {{uri: '{uri}', version: '{version}', digest: '{digest}'}}\n";

    private static async Task<string> DigestAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(settings, cancellationToken);
        await server.Host.LoadAsync(cancellationToken);
        return server.Host.Lifecycle.Status().Digest;
    }
}
