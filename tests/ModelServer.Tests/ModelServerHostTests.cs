using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests;

[CancelAfter(120_000)]
internal sealed class ModelServerHostTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""";

    [Test]
    public async Task What_is_accepted_too_late_to_finish_is_cut_off_when_the_drain_has_had_its_time(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Counting(), cancellationToken, clock: clock);
        using var content = new HeldContent(TestServer.Count(3));
        var first = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);

        var drain = server.Host.DrainAsync(cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(5));
        var late = server.InferAsync(TestServer.Count(long.MaxValue), cancellationToken);
        await server.UntilAsync(() => server.CallsOut == 1, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(25));
        await drain.WaitAsync(cancellationToken);

        await late.Invoking(cut => cut).Should().ThrowAsync<HttpRequestException>();
        content.Release();
        await Task.WhenAny(first);
        server.CallsOut.Should().Be(0);
        server.Host.Bodies.Held.Should().Be(0);
    }

    [Test]
    public async Task A_live_setting_counts_from_the_start_and_again_when_the_volume_changes(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        var volume = new MountedVolume(folder.Other("live"));
        volume.Replace((ServerContract.LiveFile, "maxConcurrency: 1\n"));
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder) with { LiveDirectory = folder.Other("live") }, cancellationToken, clock: clock);
        await server.Host.LoadAsync(cancellationToken);
        using var content = new HeldContent(Request);
        var held = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);

        var refused = await server.InferAsync(Request, cancellationToken);
        volume.Replace((ServerContract.LiveFile, "maxConcurrency: 2\n"));
        clock.Advance(LiveFile.Period);
        while ((await LiveAsync(server, cancellationToken))["maxConcurrency"]!.GetValue<int>() != 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var admitted = await server.InferAsync(Request, cancellationToken);
        content.Release();

        (refused.Status, admitted.Status, (await held).StatusCode).Should().Be((HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK));
    }

    [Test]
    public async Task Which_requests_are_slow_can_change_while_the_server_runs(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = await TestServer.StartAsync(
            TestServer.Settings(folder) with { LiveDirectory = folder.Other("live"), Live = new() { SlowThreshold = TimeSpan.FromSeconds(10) } }, cancellationToken, clock: clock);
        await server.Host.LoadAsync(cancellationToken);

        await AnswerAfterAsync(server, clock, TimeSpan.FromSeconds(5), cancellationToken);
        (await server.MetricAsync("slipway_requests_slow_total", "", cancellationToken)).Should().Be(0);
        new MountedVolume(folder.Other("live")).Replace((ServerContract.LiveFile, "slowThreshold: 4s\n"));
        clock.Advance(LiveFile.Period);
        while ((await LiveAsync(server, cancellationToken))["slowThreshold"]!.GetValue<string>() != "4s")
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await AnswerAfterAsync(server, clock, TimeSpan.FromSeconds(5), cancellationToken);
        (await server.MetricAsync("slipway_requests_slow_total", "", cancellationToken)).Should().Be(1);
    }

    private static async Task AnswerAfterAsync(TestServer server, FakeTimeProvider clock, TimeSpan time, CancellationToken cancellationToken)
    {
        using var content = new HeldContent(Request);
        // Counted last, when whether it was slow is counted too.
        var before = await server.MetricAsync("slipway_request_duration_seconds_count", "", cancellationToken);
        var held = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);
        clock.Advance(time);
        content.Release();
        (await held).StatusCode.Should().Be(HttpStatusCode.OK);
        while (await server.MetricAsync("slipway_request_duration_seconds_count", "", cancellationToken) == before)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<JsonNode> LiveAsync(TestServer server, CancellationToken cancellationToken) =>
        JsonNode.Parse(await server.Management.GetStringAsync("/status", cancellationToken))!["live"]!;
}
