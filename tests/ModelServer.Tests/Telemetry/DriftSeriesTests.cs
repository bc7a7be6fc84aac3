using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Drift;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Telemetry;

[CancelAfter(120_000)]
internal sealed class DriftSeriesTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly Baseline One = SampleBaselines.Of([SampleBaselines.Numeric("x", 0, 9)]);

    [Test]
    public async Task The_largest_baseline_is_told_whole_for_as_many_versions_as_are_loaded(CancellationToken cancellationToken)
    {
        double[] edges = [.. Enumerable.Range(0, BaselineBounds.MostEdges)];
        var largest = SampleBaselines.Of(
            [.. Enumerable.Range(0, BaselineBounds.MostFeatures).Select(column => SampleBaselines.Numeric("x", edges) with { Name = $"f{column}", Column = column })]);
        using var folder = new ModelFolder();
        foreach (var version in (string[])["1", "2", "3"])
        {
            folder.WithModel(TestModels.Double(BaselineBounds.MostFeatures), version).WithBaseline(largest, version);
        }

        await using var server = await ServeAsync(folder, cancellationToken);
        await LoadAsync(server, "2/load", cancellationToken);
        await LoadAsync(server, "3/load", cancellationToken);
        var scrape = await DriftScrape.OfAsync(server, cancellationToken);

        (scrape.Observations, scrape.Ratios, scrape.Total).Should().Be((3 * 2400, 3 * 2400, 0));
        scrape.Versions.Should().BeEquivalentTo("1", "2", "3");
    }

    [Test]
    public async Task The_period_of_a_feature_is_told_of_those_that_have_one(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithBaseline(SampleBaselines.Of(
            [SampleBaselines.Numeric("x", 0, 9) with { Name = "hour", Seasonality = "24h" }, SampleBaselines.Numeric("x", 0, 9) with { Name = "amount", Column = 1 }]));
        await using var server = await ServeAsync(folder, cancellationToken);

        var seasons = (await server.Management.GetStringAsync("/metrics", cancellationToken)).Split('\n').Where(line => line.StartsWith("slipway_drift_seasonality_seconds{", StringComparison.Ordinal)).ToList();

        seasons.Should().ContainSingle().Which.Should().Contain("feature=\"hour\"").And.EndWith(" 86400");
        (await WindowAsync(server, cancellationToken)).Versions.SelectMany(version => version.Features).Select(feature => feature.Seasonality).Should().Equal("24h", null);
    }

    [Test]
    public async Task Versions_are_kept_apart_and_take_their_counts_with_them(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder()
            .WithModel(TestModels.Plus(1)).WithBaseline(One)
            .WithModel(TestModels.Plus(2), "2").WithBaseline(One, "2")
            .WithModel(TestModels.Plus(3), "3");
        await using var server = await ServeAsync(folder, cancellationToken);
        await LoadAsync(server, "2/load", cancellationToken);
        await LoadAsync(server, "3/load", cancellationToken);
        await InferAsync(server, "1", 5, cancellationToken);
        await InferAsync(server, "2", 99, cancellationToken);
        await InferAsync(server, "2", 99, cancellationToken);
        await InferAsync(server, "3", 5, cancellationToken);

        var both = await DriftScrape.UntilAsync(server, scrape => scrape.Total >= 3, cancellationToken);
        var window = await WindowAsync(server, cancellationToken);
        (both.Seen("x", "1"), both.Seen("x", "2")).Should().Be(("[0,9]:1", "high:2"));
        window.Versions.ToDictionary(version => version.Version, version => string.Join(' ', version.Features.SelectMany(feature => feature.Counts)))
            .Should().BeEquivalentTo(new Dictionary<string, string> { ["1"] = "0 1 0 0", ["2"] = "0 0 2 0", ["3"] = "" });

        // Version 1 is the one that the server was started for, which is told of also when it is not loaded.
        foreach (var version in (string[])["1", "2"])
        {
            await LoadAsync(server, $"{version}/unload", cancellationToken);
            await DriftScrape.UntilAsync(server, scrape => !scrape.Versions.Contains(version), cancellationToken);
            (await WindowAsync(server, cancellationToken)).Versions.Where(each => each.Version == version).SelectMany(each => each.Features).Should().BeEmpty();
        }
    }

    [TestCase("1")]
    [TestCase("2")]
    public async Task A_version_that_is_loaded_again_begins_at_0(string version, CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Plus(1)).WithBaseline(One).WithModel(TestModels.Plus(2), "2").WithBaseline(One, "2");
        await using var server = await ServeAsync(folder, cancellationToken);
        await LoadAsync(server, "2/load", cancellationToken);
        await InferAsync(server, version, 5, cancellationToken);
        await DriftScrape.UntilAsync(server, scrape => scrape.Total == 1, cancellationToken);

        // Nobody looks between the two.
        await LoadAsync(server, $"{version}/unload", cancellationToken);
        await LoadAsync(server, $"{version}/load", cancellationToken);
        await InferAsync(server, version, 99, cancellationToken);

        var again = await DriftScrape.UntilAsync(server, scrape => scrape.Seen("x", version) != "[0,9]:1", cancellationToken);
        again.Seen("x", version).Should().Be("high:1");
        again.Observations.Should().Be(2 * 4);
    }

    [Test]
    public async Task A_baseline_of_another_model_keeps_the_version_from_being_loaded(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Plus(1)).WithModel(TestModels.Plus(2), "2")
            .WithBaseline(SampleBaselines.Of([SampleBaselines.Numeric("amount", 0)]), "2");
        await using var server = await ServeAsync(folder, cancellationToken);

        var reply = await server.ControlAsync("versions/2/load", cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Should().Contain("inputs[0].tensor: the model has no input 'amount'");
        (await DriftScrape.OfAsync(server, cancellationToken)).Observations.Should().Be(0);
    }

    [Test]
    public async Task What_is_observed_after_an_idle_time_is_of_its_own_minute(CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(2026, 3, 2, 12, 0, 20, TimeSpan.Zero);
        var clock = new FakeTimeProvider(start);
        await using var server = await TestServer.ServeAsync(new ModelFolder().WithModel(TestModels.Plus(1)).WithBaseline(One), cancellationToken, clock: clock);
        await InferAsync(server, "1", 5, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(30));
        await InferAsync(server, "1", 99, cancellationToken);

        var early = await WindowAsync(server, cancellationToken, start.ToUnixTimeSeconds(), start.AddMinutes(10).ToUnixTimeSeconds());
        var late = await WindowAsync(server, cancellationToken, start.AddMinutes(10).ToUnixTimeSeconds(), start.AddMinutes(40).ToUnixTimeSeconds());

        early.Versions.Single().Features.Single().Counts.Should().Equal(0, 1, 0, 0);
        late.Versions.Single().Features.Single().Counts.Should().Equal(0, 0, 1, 0);
    }

    private static Task<TestServer> ServeAsync(ModelFolder folder, CancellationToken cancellationToken) => TestServer.FollowAsync(
        TestServer.Settings(folder) with { ModelControl = true }, cancellationToken);

    private static async Task LoadAsync(TestServer server, string what, CancellationToken cancellationToken)
    {
        var reply = await server.ControlAsync($"versions/{what}", cancellationToken);
        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
    }

    private static async Task InferAsync(TestServer server, string version, float x, CancellationToken cancellationToken)
    {
        var reply = await server.PostAsync(
            $"/v2/models/m/versions/{version}/infer", $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[{{x}}]}]}""", cancellationToken);
        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
    }

    private static async Task<ServerWindow> WindowAsync(TestServer server, CancellationToken cancellationToken, long from = 0, long to = 9_999_999_999) =>
        JsonSerializer.Deserialize<ServerWindow>(await server.Management.GetStringAsync($"/window?from={from}&to={to}", cancellationToken), Web)!;
}
