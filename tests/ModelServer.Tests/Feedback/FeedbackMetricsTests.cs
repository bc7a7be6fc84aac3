using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Feedback;

[CancelAfter(60_000)]
internal sealed partial class FeedbackMetricsTests
{
    private const string Path = "/v2/models/m/versions/1/feedback";

    private static readonly string[] OwnLabels = ["predicted", "actual", "correct"];

    [Test]
    public async Task Metrics_tell_a_new_series_as_zero_first(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);
        await server.PostAsync(Path, """[{"predicted":"a","actual":"b"},{"predicted":"a","actual":"b"},{"predicted":3,"actual":1}]""", cancellationToken);

        (await SeriesAsync(server, series => series.Count > 0, cancellationToken)).Should().Equal(
            "absolute_error_total{} 0", "correct_total{correct=false} 0", "correct_total{correct=true} 0", "negative_error_total{} 0", "positive_error_total{} 0",
            "squared_error_total{} 0", "total{actual=a,predicted=a} 0", "total{actual=b,predicted=a} 0", "total{actual=b,predicted=b} 0",
            "values_total{} 0");
        clock.Advance(FeedbackBook.ToldAsZero);
        await server.PostAsync(Path, """{"predicted":"c","actual":"b"}""", cancellationToken);

        (await SeriesAsync(server, series => series.Contains("values_total{} 1"), cancellationToken)).Should().Equal(
            "absolute_error_total{} 2", "correct_total{correct=false} 3", "correct_total{correct=true} 0", "negative_error_total{} 0", "positive_error_total{} 2",
            "squared_error_total{} 4", "total{actual=a,predicted=a} 0", "total{actual=b,predicted=a} 2", "total{actual=b,predicted=b} 0",
            "total{actual=b,predicted=c} 0", "total{actual=c,predicted=c} 0", "values_total{} 1");
    }

    [Test]
    public async Task Metrics_tell_no_error_of_a_version_of_rewards_and_none_of_either_before_the_first(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);
        await server.PostAsync(Path, """{"predicted":"a","actual":"a"}""", cancellationToken);
        clock.Advance(FeedbackBook.ToldAsZero);
        (await SeriesAsync(server, series => series.Contains("correct_total{correct=true} 1"), cancellationToken)).Should().Equal(
            "correct_total{correct=false} 0", "correct_total{correct=true} 1", "total{actual=a,predicted=a} 1");

        await server.PostAsync(Path, """[{"reward":1},{"reward":0},{"predicted":"a","actual":"a"}]""", cancellationToken);

        (await SeriesAsync(server, series => series.Contains("correct_total{correct=true} 2"), cancellationToken)).Should().Equal(
            "correct_total{correct=false} 0", "correct_total{correct=true} 2", "reward_total{} 0", "total{actual=a,predicted=a} 2", "values_total{} 0");
        clock.Advance(FeedbackBook.ToldAsZero);
        (await SeriesAsync(server, series => series.Contains("reward_total{} 1"), cancellationToken)).Should().Equal(
            "correct_total{correct=false} 0", "correct_total{correct=true} 2", "reward_total{} 1", "total{actual=a,predicted=a} 2", "values_total{} 2");
    }

    [Test]
    public async Task Every_pair_of_classes_is_a_series_and_a_forgotten_version_has_none(CancellationToken cancellationToken)
    {
        var folder = new ModelFolder().WithModel(TestModels.Double());
        foreach (var version in Enumerable.Range(2, FeedbackBook.MostVersions))
        {
            folder.WithModel([], $"{version}");
        }

        await using var server = await TestServer.ServeAsync(folder, cancellationToken);
        var pairs = from predicted in Enumerable.Range(0, 60) from actual in Enumerable.Range(0, 60) select $$"""{"predicted":"{{predicted}}","actual":"{{actual}}"}""";
        await server.PostAsync(Path, $"[{string.Join(',', pairs)}]", cancellationToken);
        (await SeriesAsync(server, series => series.Count > 0, cancellationToken)).Count(line => line.StartsWith("total", StringComparison.Ordinal)).Should().Be(51 * 51);

        foreach (var version in Enumerable.Range(2, FeedbackBook.MostVersions))
        {
            var reply = await server.PostAsync($"/v2/models/m/versions/{version}/feedback", """{"reward":1}""", cancellationToken);
            reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
        }

        (await SeriesAsync(server, series => series.Count == 0, cancellationToken)).Should().BeEmpty();
    }

    /// <summary>Asks for metrics until they are as they should be: the exporter gives an answer again for a while.</summary>
    private static async Task<IReadOnlyList<string>> SeriesAsync(
        TestServer server, Func<IReadOnlyList<string>, bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            var series = Series(await server.Management.GetStringAsync("/metrics", cancellationToken));
            if (holds(series))
            {
                return series;
            }
        }
    }

    /// <summary>The series of version 1 without their common beginning and labels, in order.</summary>
    private static IReadOnlyList<string> Series(string scrape)
    {
        var lines = Line().Matches(scrape).Where(line => line.Groups["labels"].Value.Contains("version=\"1\"", StringComparison.Ordinal));
        return [.. lines.Select(line => $"{line.Groups["name"]}{{{Own(line.Groups["labels"].Value)}}} {line.Groups["value"]}").Order(StringComparer.Ordinal)];
    }

    private static string Own(string labels) =>
        string.Join(',', labels.Split(',').Where(label => OwnLabels.Contains(label.Split('=')[0]))).Replace("\"", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^slipway_feedback_(?<name>\w+)\{(?<labels>[^}]*)\} (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Line();
}
