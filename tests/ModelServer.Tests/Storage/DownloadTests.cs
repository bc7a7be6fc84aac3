using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Storage.Stores;

namespace Slipway.ModelServer.Tests.Storage;

/// <summary>What holds for every store that is reached over a network, with the network's faults put between.</summary>
[TestFixture("s3")]
[TestFixture("gs")]
[TestFixture("az")]
[TestFixture("https")]
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class DownloadTests(string scheme)
{
    // More than one range of a download.
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes((17 << 20) + 5);

    private StoreUnderTest? _store;
    private FaultProxy? _proxy;
    private ModelFolder? _folder;

    private StoreUnderTest Store => _store ?? throw new AssertionException("The store is not running.");

    private FaultProxy Proxy => _proxy ?? throw new AssertionException("The proxy is not running.");

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [OneTimeSetUp]
    public async Task StartAsync() => _store = await StoreUnderTest.StartAsync(scheme, CancellationToken.None);

    [OneTimeTearDown]
    public async Task StopAsync() => await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);

    [SetUp]
    public async Task MakeFolderAsync()
    {
        _folder = new ModelFolder();
        _proxy = await FaultProxy.StartAsync(Store.Port, (Store as HttpsUnderTest)?.Authority.Server());
        foreach (var (key, value) in Store.Secret(Proxy.Port))
        {
            Folder.WithSecret(key, value);
        }
    }

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder?.Dispose();
    }

    [Test]
    public async Task A_version_arrives_whole_and_its_digest_is_that_of_its_manifest(CancellationToken cancellationToken)
    {
        var sums = Sums(("model.onnx", [1, 2, 3]), ("data/a b+ü.bin", Large), ("empty.bin", []));
        await PutAsync("whole", [("model.onnx", [1, 2, 3]), ("data/a b+ü.bin", Large), ("empty.bin", []), ("SHA256SUMS", sums)], cancellationToken);

        var fetched = await new Fetching().FetchAsync(Settings("whole"), cancellationToken);

        fetched.Digest.Should().Be($"sha256:{Hash(sums)}");
        (await FileAsync(fetched.ModelFile, "model.onnx")).Should().Equal(1, 2, 3);
        (await FileAsync(fetched.ModelFile, "data/a b+ü.bin")).AsSpan().SequenceEqual(Large).Should().BeTrue();
        (await FileAsync(fetched.ModelFile, "empty.bin")).Should().BeEmpty();
        Reads("a b+ü.bin").Select(read => read.Range).Should().BeEquivalentTo("bytes=0-16777215", "bytes=16777216-17825796");
    }

    [Test]
    public async Task A_connection_that_is_reset_goes_on_where_it_broke(CancellationToken cancellationToken)
    {
        await PutAsync("reset", [("model.onnx", Large)], cancellationToken);
        var resets = 0;
        Proxy.Fault = request => IsRead(request) && Interlocked.Increment(ref resets) <= 3 ? new Fault { ResetAfter = 1_000_000 } : null;

        var fetched = await new Fetching().FetchAsync(Settings("reset"), cancellationToken);

        (await FileAsync(fetched.ModelFile, "model.onnx")).AsSpan().SequenceEqual(Large).Should().BeTrue();
        Reads("model.onnx").Select(read => read.Range).Should().Contain(range => range != "bytes=0-16777215" && range.EndsWith("-16777215", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_answer_that_is_shorter_than_asked_goes_on_where_it_ended(CancellationToken cancellationToken)
    {
        await PutAsync("short", [("model.onnx", Large)], cancellationToken);
        var cuts = 0;
        Proxy.Fault = request => IsRead(request) && Interlocked.Increment(ref cuts) <= 2 ? new Fault { CutTo = 100_000 } : null;

        var fetched = await new Fetching().FetchAsync(Settings("short"), cancellationToken);

        (await FileAsync(fetched.ModelFile, "model.onnx")).AsSpan().SequenceEqual(Large).Should().BeTrue();
    }

    [Test]
    public async Task A_connection_that_falls_silent_is_given_up_for_another(CancellationToken cancellationToken)
    {
        await PutAsync("silent", [("model.onnx", Large)], cancellationToken);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var reads = 0;
        Proxy.Fault = request => IsRead(request) && Interlocked.Increment(ref reads) == 1 ? new Fault { StallAfter = 50_000 } : null;
        var fetching = new Fetching { Clock = clock };

        var fetch = fetching.FetchAsync(Settings("silent"), cancellationToken);
        while (!fetch.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(fetch, Task.Delay(20, cancellationToken));
        }

        (await FileAsync((await fetch).ModelFile, "model.onnx")).AsSpan().SequenceEqual(Large).Should().BeTrue();
        fetching.Said.Should().Contain(line => line.Contains("no byte came for 60 seconds", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_outage_is_told_and_waited_out(CancellationToken cancellationToken)
    {
        await PutAsync("outage", [("model.onnx", [1])], cancellationToken);
        var asked = 0;
        Proxy.Fault = _ => Interlocked.Increment(ref asked) <= 2 ? new Fault { Status = 500, Body = "<html>a page\nof many lines</html>" } : null;
        var fetching = new Fetching();

        await fetching.FetchAsync(Settings("outage"), cancellationToken);

        fetching.Said.Should().Contain(line => line.StartsWith("Storage failed to", StringComparison.Ordinal) && line.Contains("HTTP 500", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_store_that_asks_for_patience_is_told_from_an_outage_and_says_how_long(CancellationToken cancellationToken)
    {
        Proxy.Fault = _ => new Fault { Status = 429, RetryAfter = "7" };
        using var store = ModelStores.Open(Settings("throttled"), TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        var told = (await list.Should().ThrowAsync<StoreException>()).Which;
        told.Trouble.Should().Be(StoreTrouble.Throttled);
        told.RetryAfter.Should().Be(TimeSpan.FromSeconds(7));
        told.Message.Should().StartWith("Storage is asked too often to ").And.Contain("HTTP 429");
    }

    [Test]
    public async Task A_file_that_changes_while_it_is_downloaded_is_noticed(CancellationToken cancellationToken)
    {
        await PutAsync("changing", [("model.onnx", Large)], cancellationToken);
        var reads = 0;
        Proxy.Fault = request => IsRead(request) && Interlocked.Increment(ref reads) == 1
            ? new Fault { Before = () => Store.PutAsync("changing/1/model.onnx", [.. Large.Reverse()], cancellationToken) } : null;

        var fetch = () => new Fetching().FetchAsync(Settings("changing"), cancellationToken);

        (await fetch.Should().ThrowAsync<ModelRejectedException>()).WithMessage("*://*/changing/1/model.onnx changed while it was downloaded (*");
        Directory.Exists(Path.Combine(Folder.Cache, "versions")).Should().BeFalse("nothing half-written may be found by a later run");
    }

    [Test]
    public async Task A_file_that_goes_away_while_it_is_downloaded_is_noticed(CancellationToken cancellationToken)
    {
        await PutAsync("going", [("model.onnx", [1])], cancellationToken);
        Proxy.Fault = request => IsRead(request) ? new Fault { Before = () => Store.DeleteAsync("going/1/model.onnx", cancellationToken) } : null;

        var fetch = () => new Fetching().FetchAsync(Settings("going"), cancellationToken);

        // Azurite holds the condition against a file that is not there.
        (await fetch.Should().ThrowAsync<ModelRejectedException>()).Which.Message
            .Should().MatchRegex("/going/1/model.onnx (was listed and is not there any more|changed while it was downloaded)");
    }

    [Test]
    public async Task A_version_that_is_not_there_is_told(CancellationToken cancellationToken)
    {
        await PutAsync("others", [("model.onnx", [1])], cancellationToken, "2");
        await PutAsync("others", [("model.onnx", [1])], cancellationToken, "10");

        var fetch = () => new Fetching().FetchAsync(Settings("others"), cancellationToken);

        var said = (await fetch.Should().ThrowAsync<ModelRejectedException>()).Which.Message;
        said.Should().StartWith("There is no version 1 in ").And.Contain(Store.NeedsTls ? "cannot tell which versions it holds" : "The versions there are 2, 10.");
    }

    [Test]
    public async Task A_container_that_is_not_there_is_told(CancellationToken cancellationToken)
    {
        if (Store.NoContainer is null)
        {
            Assert.Ignore("A web server has no container.");
        }

        var fetch = () => new Fetching().FetchAsync(Settings("any") with { Uri = Store.Uri("any", Proxy.Port, "nothing") }, cancellationToken);

        (await fetch.Should().ThrowAsync<ModelRejectedException>()).WithMessage(Store.NoContainer);
    }

    [Test]
    public async Task A_refusal_says_where_the_credentials_came_from_and_never_what_they_are(CancellationToken cancellationToken)
    {
        await PutAsync("denied", [("model.onnx", [1])], cancellationToken);
        var refusals = 0;
        Proxy.Fault = _ => Interlocked.Increment(ref refusals) <= (Store.NeedsTls ? 12 : 2) ? new Fault { Status = 403 } : null;
        var fetching = new Fetching();

        await fetching.FetchAsync(Settings("denied"), cancellationToken);

        fetching.Said.Should().Contain(line => line.StartsWith("Storage refused to ", StringComparison.Ordinal) && line.Contains("Check the credentials", StringComparison.Ordinal));
        string.Concat(fetching.Said).Should().NotContain("hidden-secret").And.NotContain(AzureUnderTest.Key);
    }

    [Test]
    public async Task A_store_that_nobody_answers_for_is_told(CancellationToken cancellationToken)
    {
        var port = Proxy.Port;
        await Proxy.DisposeAsync();
        using var store = ModelStores.Open(Settings("gone", port), TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        (await list.Should().ThrowAsync<StoreException>()).WithMessage("Storage could not be reached to *: Connection refused*")
            .Which.Trouble.Should().Be(StoreTrouble.Transient);
        _proxy = null;
    }

    private ServerSettings Settings(string prefix, int? port = null) => TestServer.Settings(Folder) with { Uri = Store.Uri(prefix, port ?? Proxy.Port) };

    private bool IsRead(Microsoft.AspNetCore.Http.HttpRequest request) => Store.IsRead(request.Method, request.Path, request.QueryString.Value ?? "");

    private IEnumerable<SeenRequest> Reads(string end) => Proxy.Seen.Where(
        seen => Store.IsRead(seen.Method, seen.Path, seen.Query) && seen.Path.Replace("%2F", "/", StringComparison.Ordinal).EndsWith(end, StringComparison.Ordinal));

    private async Task PutAsync(string prefix, (string Path, byte[] Content)[] files, CancellationToken cancellationToken, string version = "1")
    {
        foreach (var (path, content) in files)
        {
            await Store.PutAsync($"{prefix}/{version}/{path}", content, cancellationToken);
        }
    }

    private static Task<byte[]> FileAsync(string modelFile, string path) => File.ReadAllBytesAsync(Path.Combine(Path.GetDirectoryName(modelFile)!, path));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Sums(params (string Path, byte[] Content)[] files) =>
        Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{Hash(file.Content)}  {file.Path}\n")));
}
