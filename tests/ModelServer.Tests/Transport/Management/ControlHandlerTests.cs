using System.Net;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Management;

[CancelAfter(60_000)]
internal sealed class ControlHandlerTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[0]}]}""";

    [Test]
    public async Task Nothing_is_loaded_or_unloaded_unless_that_is_switched_on(
        [Values("load", "unload", "versions/1/load", "versions/1/unload")] string what, CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken, settings => settings with { ModelControl = false });

        var reply = await server.ControlAsync(what, cancellationToken);

        (reply.Status, reply.Error).Should().Be((
            HttpStatusCode.Forbidden, "This server loads and unloads nothing by request; start it with --enable-model-control to allow that."));
        (await AnswerAsync(server, "", cancellationToken)).Should().Be(1);
    }

    [Test]
    public async Task Versions_are_served_side_by_side_and_the_newest_answers_who_names_none(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);

        var loaded = await server.ControlAsync("versions/2/load", cancellationToken);
        var again = await server.ControlAsync("versions/2/load", cancellationToken);

        (loaded.Status, loaded.Text).Should().Be((HttpStatusCode.OK, """{"name":"m","load":true}"""));
        again.Status.Should().Be(HttpStatusCode.OK);
        (await AnswerAsync(server, "", cancellationToken)).Should().Be(2);
        (await AnswerAsync(server, "/versions/1", cancellationToken)).Should().Be(1);
    }

    [Test]
    public async Task What_was_unloaded_answers_no_more_and_can_be_loaded_again(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);

        var unloaded = await server.ControlAsync("unload", cancellationToken);
        var refused = await server.PostAsync("/v2/models/m/infer", Request, cancellationToken);
        var ready = await server.GetAsync("/v2/health/ready", cancellationToken);
        var status = await server.Management.GetStringAsync("/status", cancellationToken);
        var index = await server.PostAsync("/v2/repository/index", "", cancellationToken);
        var loadedSeries = await server.MetricAsync("slipway_model_loaded", "version=\"1\"", cancellationToken);
        var second = await server.ControlAsync("versions/1/unload", cancellationToken);
        await server.ControlAsync("load", cancellationToken);

        unloaded.Text.Should().Be("""{"name":"m","unload":true}""");
        (refused.Status, refused.Error).Should().Be((HttpStatusCode.ServiceUnavailable, "Model 'm' is not loaded; try again later."));
        ready.Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        status.Should().Contain("\"state\":\"Unloaded\"").And.Contain("It was unloaded by request; load it again to serve it.");
        index.Text.Should().Be("""[{"name":"m","version":"1","state":"UNAVAILABLE","reason":"It was unloaded by request; load it again to serve it."}]""");
        loadedSeries.Should().Be(0);
        (second.Status, second.Error).Should().Be((HttpStatusCode.NotFound, "Model 'm' has no version '1' in memory."));
        (await AnswerAsync(server, "", cancellationToken)).Should().Be(1);
        (await server.GetAsync("/v2/health/ready", cancellationToken)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task More_versions_than_may_be_are_refused(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken, settings => settings with { MaxLoadedVersions = 1 });

        var refused = await server.ControlAsync("versions/2/load", cancellationToken);
        await server.ControlAsync("versions/1/unload", cancellationToken);
        var loaded = await server.ControlAsync("versions/2/load", cancellationToken);

        (refused.Status, refused.Error).Should().Be((
            HttpStatusCode.Conflict,
            "Version 2 of model 'm' is not loaded: of 1 versions at most, 1 are in memory (1). Unload one, or raise --max-loaded-versions."));
        loaded.Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_version_that_cannot_be_loaded_is_told_and_harms_no_other(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);

        var absent = await server.ControlAsync("versions/7/load", cancellationToken);
        var broken = await server.ControlAsync("versions/3/load", cancellationToken);

        absent.Status.Should().Be(HttpStatusCode.BadRequest);
        absent.Error.Should().StartWith("There is no version 7 in file://").And.EndWith("The versions there are 1, 2, 3. Name one of those, or upload this one.");
        broken.Status.Should().Be(HttpStatusCode.BadRequest);
        (await AnswerAsync(server, "", cancellationToken)).Should().Be(1);
        (await server.MetricAsync("slipway_model_loaded", "version=\"[37]\"", cancellationToken)).Should().Be(0);
    }

    [TestCase("""{"parameters":{"config":"{}"}}""", "The parameter 'config' is not supported*")]
    [TestCase("""{"parameters":{"file:1/model.onnx":"AAAA"}}""", "The parameter 'file:1/model.onnx' is not supported*")]
    [TestCase("{", "The body must be empty or a JSON object.")]
    public async Task What_a_load_would_bring_along_is_refused(string body, string message, CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);

        var reply = await server.ControlAsync("versions/2/load", cancellationToken, body);

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Should().Match(message);
        server.Host.Versions.Entries.Should().ContainSingle();
    }

    [Test]
    public async Task Another_model_is_not_found_and_reading_is_no_way_to_load(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);

        using var other = await server.Management.PostAsync("/v2/repository/models/other/load", null, cancellationToken);
        using var get = await server.Management.GetAsync("/v2/repository/models/m/load", cancellationToken);

        other.StatusCode.Should().Be(HttpStatusCode.NotFound);
        get.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        get.Content.Headers.Allow.Should().Equal("POST");
    }

    [Test]
    public async Task Before_the_repository_is_open_there_is_nothing_to_control(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder();
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder) with { ModelControl = true }, cancellationToken);

        (await server.ControlAsync("load", cancellationToken)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    private static ModelFolder Folder() =>
        new ModelFolder().WithModel(TestModels.Plus(1)).WithModel(TestModels.Plus(2), "2").WithModel([1, 2, 3], "3");

    private static Task<TestServer> ServeAsync(CancellationToken cancellationToken, Func<ServerSettings, ServerSettings>? change = null) =>
        TestServer.ServeAsync(Folder(), cancellationToken, settings => (change ?? (same => same))(settings with { ModelControl = true }));

    private static async Task<float> AnswerAsync(TestServer server, string version, CancellationToken cancellationToken)
    {
        var reply = await server.PostAsync($"/v2/models/m{version}/infer", Request, cancellationToken);
        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
        return reply.Json["outputs"]![0]!["data"]![0]!.GetValue<float>();
    }
}
