using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Storage;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Storage.Stores;

namespace Slipway.ModelServer.Tests.Storage;

/// <summary>What is sent to web servers, and how those that serve less than all of HTTP are still read.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class HttpsAccessTests
{
    private HttpsUnderTest? _store;
    private FaultProxy? _proxy;
    private ModelFolder? _folder;

    private HttpsUnderTest Store => _store ?? throw new AssertionException("The store is not running.");

    private FaultProxy Proxy => _proxy ?? throw new AssertionException("There is no proxy.");

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [SetUp]
    public async Task StartAsync()
    {
        _store = await HttpsUnderTest.StartAsync();
        _proxy = await FaultProxy.StartAsync(_store.Port, _store.Authority.Server());
        _folder = new ModelFolder().WithSecret("ca.crt", _store.Authority.Pem);
        await _store.PutAsync("m/1/model.onnx", [1, 2, 3], CancellationToken.None);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Proxy.DisposeAsync();
        await Store.DisposeAsync();
        _folder?.Dispose();
    }

    [Test]
    public async Task The_bearer_token_and_the_headers_of_the_secret_go_along(CancellationToken cancellationToken)
    {
        Folder.WithSecret("bearer-token", "hidden-token\n").WithSecret("headers", "X-Api-Key: hidden-key\nX-Team: models\n");
        Store.Refuses = request => request.Headers.Authorization != "Bearer hidden-token" || request.Headers["X-Api-Key"] != "hidden-key" || request.Headers["X-Team"] != "models";

        await new Fetching().FetchAsync(Settings(), cancellationToken);
    }

    [Test]
    public async Task A_wrong_token_is_told_without_it_and_mending_the_secret_is_enough(CancellationToken cancellationToken)
    {
        Folder.WithSecret("bearer-token", "a-wrong-token");
        Store.Refuses = request => request.Headers.Authorization != "Bearer hidden-token";
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("bearer-token", "hidden-token") };

        await fetching.FetchAsync(Settings(), cancellationToken);

        string.Join('\n', fetching.Said).Should().Contain("HTTP 403").And.Contain("The credentials came from bearer-token in ")
            .And.NotContain("a-wrong-token").And.NotContain("hidden-token");
    }

    [Test]
    public async Task Credentials_do_not_follow_to_another_host(CancellationToken cancellationToken)
    {
        await using var other = await FaultProxy.StartAsync(Store.Port, Store.Authority.Server());
        Folder.WithSecret("bearer-token", "hidden-token").WithSecret("headers", "X-Api-Key: hidden-key");
        Store.Redirect = path => path.StartsWith("m/", StringComparison.Ordinal) ? $"https://127.0.0.1:{other.Port}/elsewhere/{path}" : null;
        Store.Refuses = request => request.Headers.ContainsKey("X-Api-Key") || request.Headers.ContainsKey("Authorization");
        await Store.PutAsync("elsewhere/m/1/model.onnx", [4], cancellationToken);

        var fetched = await new Fetching().FetchAsync(Settings(), cancellationToken);

        (await File.ReadAllBytesAsync(fetched.ModelFile, cancellationToken)).Should().Equal(4);
        Proxy.Seen.Should().Contain(seen => seen.Authorization == "Bearer hidden-token");
        other.Seen.Should().NotBeEmpty().And.OnlyContain(seen => seen.Authorization.Length == 0);
    }

    [Test]
    public async Task Nothing_is_followed_out_of_tls(CancellationToken cancellationToken)
    {
        Store.Redirect = _ => $"http://127.0.0.1:{Store.Port}/m/1/model.onnx";
        using var store = ModelStores.Open(Settings(), TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        (await list.Should().ThrowAsync<StoreException>()).WithMessage("*sends on to an address that is not https (http://127.0.0.1:*");
    }

    [Test]
    public async Task Redirects_in_a_circle_end(CancellationToken cancellationToken)
    {
        Store.Redirect = path => $"/{path}";
        using var store = ModelStores.Open(Settings(), TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        await list.Should().ThrowAsync<StoreException>();
        Proxy.Seen.Should().HaveCount(6);
    }

    [TestCase("ranges")]
    [TestCase("head")]
    [TestCase("tags")]
    public async Task A_server_without_it_is_read_all_the_same(string without, CancellationToken cancellationToken)
    {
        (Store.InRanges, Store.WithTags, Store.Methods) = (without != "ranges", without != "tags", without == "head" ? ["GET"] : ["HEAD", "GET"]);
        var large = new byte[(16 << 20) + 100];
        Random.Shared.NextBytes(large);
        await Store.PutAsync("m/1/model.onnx", large, cancellationToken);
        var resets = 0;
        Proxy.Fault = request => request.Method == "GET" && request.Headers.Range != "bytes=0-0" && Interlocked.Increment(ref resets) == 1 ? new Fault { ResetAfter = 1_000_000 } : null;

        var fetched = await new Fetching().FetchAsync(Settings(), cancellationToken);

        (await File.ReadAllBytesAsync(fetched.ModelFile, cancellationToken)).AsSpan().SequenceEqual(large).Should().BeTrue();
    }

    [Test]
    public async Task Without_a_manifest_only_well_known_files_are_looked_for(CancellationToken cancellationToken)
    {
        await Store.PutAsync("m/1/model.yaml", [1], cancellationToken);
        await Store.PutAsync("m/1/weights.bin", [1], cancellationToken);

        var fetched = await new Fetching().FetchAsync(Settings(), cancellationToken);

        Directory.GetFiles(Path.GetDirectoryName(fetched.ModelFile)!).Select(Path.GetFileName).Should().BeEquivalentTo("model.onnx", "model.yaml");
    }

    [Test]
    public async Task A_file_that_the_manifest_names_and_the_server_lacks_is_told(CancellationToken cancellationToken)
    {
        await Store.PutAsync("m/1/SHA256SUMS", System.Text.Encoding.ASCII.GetBytes($"{new string('0', 64)}  model.onnx\n{new string('0', 64)}  weights.bin\n"), cancellationToken);

        var fetch = () => new Fetching().FetchAsync(Settings(), cancellationToken);

        (await fetch.Should().ThrowAsync<ModelRejectedException>()).WithMessage("SHA256SUMS of version 1 in https://* names weights.bin, which is not there; *");
    }

    [Test]
    public async Task A_certificate_of_an_unknown_authority_is_told_and_trusting_it_is_enough(CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Folder.Credentials, "ca.crt"));
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("ca.crt", Store.Authority.Pem) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        fetching.Said[0].Should().StartWith("A TLS connection could not be made to read https://127.0.0.1:").And.Contain("into the key ca.crt of the credentials");
    }

    [Test]
    public async Task A_certificate_for_another_name_is_never_accepted(CancellationToken cancellationToken)
    {
        await using var other = await FaultProxy.StartAsync(Store.Port, Store.Authority.Server("models.example"));
        using var store = ModelStores.Open(Settings() with { Uri = new Uri($"https://127.0.0.1:{other.Port}/m") }, TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        (await list.Should().ThrowAsync<StoreException>()).WithMessage("A TLS connection could not be made to *");
    }

    [Test]
    public async Task A_host_that_dns_does_not_know_is_told(CancellationToken cancellationToken)
    {
        using var store = ModelStores.Open(Settings() with { Uri = new Uri("https://no-such-host.invalid/m") }, TimeProvider.System);

        var list = () => store.ListAsync("1", ["model.onnx"], 10, cancellationToken);

        (await list.Should().ThrowAsync<StoreException>()).WithMessage("Storage could not be found to read https://no-such-host.invalid/m/1/model.onnx: DNS knows no such host.*");
    }

    private ServerSettings Settings() => TestServer.Settings(Folder) with { Uri = new Uri($"https://127.0.0.1:{Proxy.Port}/m") };
}
