using System.Text.Json.Nodes;
using Slipway.Api.Monitoring;
using Slipway.Benchmarks.Fleet;

namespace Slipway.Benchmarks.Tests.Fleet;

internal sealed class WindowAnswersTests
{
    // The operator writes status when the score rounds to another multiple of this.
    private const double Step = 0.05;

    private static readonly string[] Lists = ["bins", "expected", "counts"];

    private static readonly IReadOnlyList<JsonArray> Answers =
        [.. WindowAnswers.Windows(TimeProvider.System.GetUtcNow()).Select(json => JsonNode.Parse(json)!["versions"]!.AsArray().Last()!["features"]!.AsArray())];

    [Test]
    public void Every_answer_has_thirty_features_and_an_output_of_twelve_bins()
    {
        foreach (var answer in Answers)
        {
            answer.Select(feature => (string?)feature!["name"]).Should().OnlyHaveUniqueItems().And.HaveCount(31).And.Contain("output.score");
            answer.Should().OnlyContain(feature => Lists.All(list => feature![list]!.AsArray().Count == 12));
        }
    }

    [Test]
    public void Every_answer_counts_something_else_and_the_score_stays_within_a_step()
    {
        var worst = Answers.Select(answer => answer.Max(Score)).ToList();

        worst.Should().OnlyHaveUniqueItems();
        worst.Should().OnlyContain(score => Math.Round(score / Step) == 2);
    }

    [Test]
    public void All_answers_are_of_the_same_bins() => Answers.Select(answer => string.Join(' ', answer.Select(feature => $"{feature!["bins"]} {feature["expected"]}"))).Distinct().Should().HaveCount(1);

    private static double Score(JsonNode? feature) => DriftScores.Psi(
        [.. feature!["expected"]!.AsArray().Select(share => (double)share!)], [.. feature["counts"]!.AsArray().Select(count => (long)count!)]);
}
