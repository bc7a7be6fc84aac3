using Slipway.Api;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class FleetSumTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Counts_of_the_pods_are_added_bin_by_bin()
    {
        var merged = Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), Answer(1, Feature(10, 20, 30))]);

        merged.Features.Single().Should().Be(FleetFeature.Of(Feature(11, 22, 33)));
        (merged.Coverage, merged.Asked, merged.Answered).Should().Be((1, 2, 2));
    }

    [Test]
    public void A_pod_that_did_not_answer_and_one_that_is_younger_than_the_window_lower_the_coverage()
    {
        var merged = Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), null, Answer(0.5, Feature(1, 1, 1)), Answer(0.5, Feature(1, 1, 1))]);

        (merged.Coverage, merged.Asked, merged.Answered).Should().Be((0.5, 4, 3));
        merged.Features.Single().Should().Be(FleetFeature.Of(Feature(3, 4, 5)));
    }

    [TestCase(-2, 10, false, Description = "all of it is there")]
    [TestCase(-2, 9.995, false, Description = "a clock is behind")]
    [TestCase(-2, 8, true)]
    [TestCase(0, 8, false, Description = "the pod has not run for longer")]
    public void A_pod_that_counted_before_the_part_that_it_tells_of_has_a_full_memory(double since, double told, bool isFull)
    {
        var old = Answer(told, Feature(1, 2, 3));
        old = old with { Versions = [old.Versions[0] with { Since = Start.AddHours(-50) }, old.Versions[1] with { Since = Start.AddHours(since) }] };

        Merge(TimeSpan.FromHours(10), [Answer(1, Feature(1, 2, 3)), null, old]).IsMemoryFull.Should().Be(isFull);
    }

    [Test]
    public void Counts_over_other_bins_are_left_out()
    {
        var other = Feature(100, 100, 100) with { Expected = [0.1, 0.1, 0.8] };

        Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), Answer(1, other)]).Features.Single().Should().Be(FleetFeature.Of(Feature(1, 2, 3)));
    }

    [Test]
    public void Nobody_asked_and_nobody_with_a_baseline_tell_nothing()
    {
        Merge(TimeSpan.FromHours(1), []).Should().BeEquivalentTo(new FleetWindow([], 0, 0, 0));
        Merge(TimeSpan.FromHours(1), [Answer(1)]).Features.Should().BeEmpty();
    }

    [Test]
    public void A_pod_tells_of_a_feature_once()
    {
        var twice = Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3), Feature(10, 20, 30)), Answer(1, Feature(1, 1, 1))]);

        twice.Features.Single().Should().Be(FleetFeature.Of(Feature(2, 3, 4)));
    }

    [Test]
    public void Pods_that_each_tell_of_others_have_together_no_more_features_than_one()
    {
        var answers = Enumerable.Range(0, 3).Select(pod => Answer(1, [.. Enumerable.Range(0, 40).Select(number => Feature(1, 2, 3) with { Name = $"{pod}.{number}" })]));

        Merge(TimeSpan.FromHours(1), [.. answers]).Features.Should().HaveCount(VersionWindow.MostFeatures);
    }

    /// <param name="answers">One for each pod that was asked; null where none came.</param>
    private static FleetWindow Merge(TimeSpan length, IReadOnlyList<ServerWindow?> answers)
    {
        var sum = new FleetSum(length);
        foreach (var answer in answers.OfType<ServerWindow>())
        {
            sum.Add(answer);
        }

        return sum.Total(answers.Count);
    }

    private static FeatureWindow Feature(params long[] counts) => new() { Name = "amount", Bins = ["low", "[0,1]", "high"], Expected = [0, 1, 0], Counts = counts };

    private static ServerWindow Answer(double hours, params FeatureWindow[] features) =>
        new() { Model = "m", From = Start, To = Start.AddHours(hours), Versions = [new() { Version = "", Since = Start }, new() { Version = "1", Since = Start, Features = features }] };
}
