using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Repository;

/// <summary>A server that was started with <c>--version latest</c>, over a folder that changes under it.</summary>
[CancelAfter(60_000)]
internal sealed class LatestVersionsTests
{
    private ModelFolder? _folder;

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [SetUp]
    public void MakeFolder() => _folder = new ModelFolder();

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task The_newest_folder_that_holds_a_model_is_served(CancellationToken cancellationToken)
    {
        Publish(9).With("11", "model.yaml", "name: not whole yet"u8.ToArray()).With("latest", "model.onnx", TestModels.Plus(99));
        Publish(10);
        await using var server = await ServeAsync(cancellationToken);

        (await AnswerAsync(server, cancellationToken)).Should().Be(10);
        (await ServedAsync(server, cancellationToken)).Should().Equal("10");
    }

    [Test]
    public async Task A_newer_version_takes_over_once_it_is_there(CancellationToken cancellationToken)
    {
        Publish(1);
        await using var server = await ServeAsync(cancellationToken);

        Publish(2);

        await UntilServedAsync(server, ["2"], cancellationToken);
        (await AnswerAsync(server, cancellationToken)).Should().Be(2);
        var old = await server.PostAsync("/v2/models/m/versions/1/infer", Request, cancellationToken);
        old.Error.Should().Be("Model 'm' has no version '1' here; this server serves version '2'.");
    }

    [Test]
    public async Task A_version_that_cannot_be_loaded_changes_nothing_until_its_files_change(CancellationToken cancellationToken)
    {
        Publish(1);
        await using var server = await ServeAsync(cancellationToken);

        Folder.With("2", "model.onnx", [1, 2, 3]);
        await UntilSaidAsync(server, "Version 2 cannot be loaded: ", cancellationToken);
        var meanwhile = await AnswerAsync(server, cancellationToken);
        Publish(2);
        await UntilServedAsync(server, ["2"], cancellationToken);

        meanwhile.Should().Be(1);
        server.Host.Lifecycle.Status().Message.Should().BeEmpty();
    }

    [Test]
    public async Task A_broken_version_that_is_taken_away_is_told_of_no_more(CancellationToken cancellationToken)
    {
        Publish(1);
        Folder.With("2", "model.onnx", [1, 2, 3]);
        await using var server = await ServeAsync(cancellationToken);
        var before = server.Host.Lifecycle.Status();

        Folder.Remove("2");
        await server.UntilAsync(() => server.Host.Lifecycle.Status().Message.Length == 0, cancellationToken);

        (before.Version, before.Message[..27]).Should().Be(("1", "Version 2 cannot be loaded:"));
        server.Host.Versions.Entries.Should().ContainSingle().Which.Version.Should().Be("1");
    }

    [Test]
    public async Task When_the_newest_version_goes_the_one_before_it_takes_over(CancellationToken cancellationToken)
    {
        Publish(1);
        Publish(2);
        await using var server = await ServeAsync(cancellationToken);

        Folder.Remove("2");

        await UntilServedAsync(server, ["1"], cancellationToken);
        (await AnswerAsync(server, cancellationToken)).Should().Be(1);
    }

    [TestCase(true, "No version is there")]
    [TestCase(false, "There is no folder")]
    public async Task A_repository_that_was_emptied_or_removed_leaves_the_server_as_it_is(bool keepFolder, string told, CancellationToken cancellationToken)
    {
        Publish(1);
        await using var server = await ServeAsync(cancellationToken);

        Folder.Remove(keepFolder ? "1" : "");
        await UntilSaidAsync(server, told, cancellationToken);
        var meanwhile = await AnswerAsync(server, cancellationToken);
        Publish(2);

        meanwhile.Should().Be(1);
        await UntilServedAsync(server, ["2"], cancellationToken);
    }

    [Test]
    public async Task As_many_of_the_newest_are_served_side_by_side_as_are_wanted(CancellationToken cancellationToken)
    {
        Publish(1);
        Publish(2);
        Publish(3);
        await using var server = await ServeAsync(cancellationToken, settings => settings with { NewestVersions = 2 });
        (await ServedAsync(server, cancellationToken)).Should().Equal("2", "3");

        Publish(4);

        await UntilServedAsync(server, ["4", "3"], cancellationToken);
        (await AnswerAsync(server, cancellationToken, "/versions/3")).Should().Be(3);
        (await AnswerAsync(server, cancellationToken)).Should().Be(4);
    }

    [Test]
    public async Task A_server_without_a_version_waits_for_one(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder.Path);
        await using var server = await TestServer.StartAsync(Settings(), cancellationToken);
        var loading = server.Host.LoadAsync(cancellationToken);
        await UntilSaidAsync(server, "No version is there: a version is a folder with a model.onnx.", cancellationToken);
        var ready = await server.GetAsync("/v2/health/ready", cancellationToken);

        Publish(1);
        await loading;

        ready.Status.Should().Be(System.Net.HttpStatusCode.ServiceUnavailable);
        (await AnswerAsync(server, cancellationToken)).Should().Be(1);
        server.Host.Lifecycle.Status().Message.Should().BeEmpty();
    }

    [Test]
    public async Task A_repository_that_is_not_there_ends_the_start(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(Settings(), cancellationToken);

        await server.Host.Awaiting(host => host.LoadAsync(cancellationToken)).Should().ThrowAsync<ModelRejectedException>().WithMessage("There is no folder *");
    }

    [Test]
    public async Task When_no_more_versions_fit_the_old_one_stays_and_the_reason_is_told(CancellationToken cancellationToken)
    {
        Publish(1);
        Publish(2);
        await using var server = await ServeAsync(cancellationToken, settings => settings with { MaxLoadedVersions = 2, ModelControl = true });
        (await server.ControlAsync("versions/1/load", cancellationToken)).Status.Should().Be(System.Net.HttpStatusCode.OK);

        Publish(3);

        await UntilSaidAsync(server, "of 2 versions at most, 2 are in memory (2, 1).", cancellationToken);
        (await AnswerAsync(server, cancellationToken)).Should().Be(2);
    }

    [Test]
    public async Task Series_of_a_version_come_and_go_with_it(CancellationToken cancellationToken)
    {
        Publish(1);
        await using var server = await ServeAsync(cancellationToken);
        await AnswerAsync(server, cancellationToken);

        Publish(2);
        await UntilServedAsync(server, ["2"], cancellationToken);
        var metrics = await server.Management.GetStringAsync("/metrics", cancellationToken);
        while (metrics.Contains("version=\"1\"", StringComparison.Ordinal))
        {
            // The exporter may answer with what it gathered a moment ago.
            metrics = await server.Management.GetStringAsync("/metrics", cancellationToken);
        }

        metrics.Split('\n').Where(line => line.StartsWith("slipway_model_loaded{", StringComparison.Ordinal))
            .Should().ContainSingle().Which.Should().Contain("version=\"2\"");
    }

    private const string Request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[0]}]}""";

    private ModelFolder Publish(int version) => Folder.WithModel(TestModels.Plus(version), $"{version}");

    private ServerSettings Settings() => TestServer.Settings(Folder) with { Version = ServerSettings.Latest, PollInterval = TimeSpan.FromMilliseconds(20) };

    private Task<TestServer> ServeAsync(CancellationToken cancellationToken, Func<ServerSettings, ServerSettings>? change = null) =>
        TestServer.FollowAsync(change?.Invoke(Settings()) ?? Settings(), cancellationToken);

    private static async Task<float> AnswerAsync(TestServer server, CancellationToken cancellationToken, string version = "")
    {
        var reply = await server.PostAsync($"/v2/models/m{version}/infer", Request, cancellationToken);
        reply.Status.Should().Be(System.Net.HttpStatusCode.OK, reply.Text);
        return reply.Json["outputs"]![0]!["data"]![0]!.GetValue<float>();
    }

    private static async Task<IEnumerable<string>> ServedAsync(TestServer server, CancellationToken cancellationToken) =>
        (await server.GetAsync("/v2/models/m", cancellationToken)).Json["versions"]!.AsArray().Select(version => version!.GetValue<string>());

    private static Task UntilServedAsync(TestServer server, string[] versions, CancellationToken cancellationToken) =>
        server.UntilAsync(() => server.Host.Versions.Entries.Select(entry => entry.Version).SequenceEqual(versions) && server.Host.Versions.Entries.All(entry => entry.Loaded is not null), cancellationToken);

    private static Task UntilSaidAsync(TestServer server, string part, CancellationToken cancellationToken) =>
        server.UntilAsync(() => server.Host.Lifecycle.Status().Message.Contains(part, StringComparison.Ordinal), cancellationToken);
}
