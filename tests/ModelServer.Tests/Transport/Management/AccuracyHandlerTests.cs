using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Samples;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Management;

[CancelAfter(60_000)]
internal sealed partial class AccuracyHandlerTests
{
    private const string Path = "/v2/models/m/versions/1/feedback";

    private static readonly string Page = File.ReadAllText(System.IO.Path.Combine(FraudDetectionSample.Root, "docs", "reference", "model-server.md"));

    [Test]
    public async Task The_reference_shows_the_answer_and_the_counts_as_they_are(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 20, TimeSpan.Zero));
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);
        await server.PostAsync(
            Path,
            """
            [{"predicted":"fraud","actual":"fraud"},{"predicted":"ok","actual":"fraud"},{"predicted":"ok","actual":"ok"},{"predicted":"ok","actual":"ok"},
             {"predicted":7.5,"actual":6},{"predicted":2,"actual":4}]
            """,
            cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(4));
        var examples = Examples().Matches(Page);

        examples.Should().HaveCount(1);
        var answer = await server.Management.GetStringAsync(examples[0].Groups["query"].Value, cancellationToken);
        var window = await server.Management.GetStringAsync(examples[0].Groups["query"].Value.Replace("/accuracy", "/window", StringComparison.Ordinal), cancellationToken);

        Same(answer, examples[0].Groups["answer"].Value);
        Same(JsonNode.Parse(window)!["versions"]![0]!["feedback"]!.ToJsonString(), Feedback().Match(Page).Groups["answer"].Value);
    }

    [Test]
    public async Task Rewards_are_told_without_errors(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);
        await server.PostAsync(Path, """[{"reward":1},{"reward":0},{"reward":0.5},{"reward":0.5}]""", cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));

        var version = JsonNode.Parse(await server.Management.GetStringAsync("/accuracy?from=0&to=9999999999", cancellationToken))!["versions"]![0]!.AsObject();

        version["reward"]!.ToJsonString().Should().Be("""{"value":0.5,"samples":4}""");
        version.Select(each => each.Key).Should().Equal("version", "from", "to", "reward");
    }

    [TestCase("""{"reward":0}""", "reward")]
    [TestCase("""{"predicted":7,"actual":7}""", "mae", "rmse", "bias")]
    public async Task A_mean_of_0_is_told_of_the_kind_that_came(string told, params string[] figures)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Double(), CancellationToken.None, clock: clock);
        await server.PostAsync(Path, told, CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(1));

        var version = JsonNode.Parse(await server.Management.GetStringAsync("/accuracy?from=0&to=9999999999"))!["versions"]![0]!.AsObject();

        version.Select(each => each.Key).Should().Equal(["version", "from", "to", .. figures]);
        version[figures[0]]!.ToJsonString().Should().Be("""{"value":0,"samples":1}""");
    }

    [Test]
    public async Task A_window_that_cannot_be_understood_is_refused(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        using var answer = await server.Management.GetAsync("/accuracy?from=2&to=1", cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(cancellationToken)).Should().Contain("must not be later than");
    }

    private static void Same(string answer, string shown) => JsonNode.Parse(answer)!.ToJsonString().Should().Be(JsonNode.Parse(shown)!.ToJsonString());

    [GeneratedRegex("GET (?<query>/accuracy\\?\\S+)\n.*?```json\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex("`feedback` is what[^`]*```json\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Feedback();
}
