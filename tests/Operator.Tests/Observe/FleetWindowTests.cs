using Slipway.Api;
using Slipway.Api.Monitoring;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class FleetWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Counts_of_the_pods_are_added_bin_by_bin()
    {
        var merged = FleetWindow.Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), Answer(1, Feature(10, 20, 30))]);

        merged.Features.Single().Should().Be(FleetFeature.Of(Feature(11, 22, 33)));
        (merged.Coverage, merged.Asked, merged.Answered).Should().Be((1, 2, 2));
    }

    [Test]
    public void A_feature_is_judged_by_its_counts()
    {
        var feature = Feature(0, 500, 500) with { Expected = [0, 0.8, 0.2], Seasonality = "24h" };

        FleetFeature.Of(feature).Should().Be(new FleetFeature("amount", 3, 1000, DriftScores.Psi([0, 0.8, 0.2], [0, 500, 500]), "24h"));
        FleetFeature.Of(Feature(0, 0, 0)).Should().Be(new FleetFeature("amount", 3, 0, 0, null));
    }

    [Test]
    public void A_pod_that_did_not_answer_and_one_that_is_younger_than_the_window_lower_the_coverage()
    {
        var merged = FleetWindow.Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), null, Answer(0.5, Feature(1, 1, 1)), Answer(0.5, Feature(1, 1, 1))]);

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

        FleetWindow.Merge(TimeSpan.FromHours(10), [Answer(1, Feature(1, 2, 3)), null, old]).IsMemoryFull.Should().Be(isFull);
    }

    [Test]
    public void Counts_over_other_bins_are_left_out()
    {
        var other = Feature(100, 100, 100) with { Expected = [0.1, 0.1, 0.8] };

        FleetWindow.Merge(TimeSpan.FromHours(1), [Answer(1, Feature(1, 2, 3)), Answer(1, other)]).Features.Single().Should().Be(FleetFeature.Of(Feature(1, 2, 3)));
    }

    [Test]
    public void Nobody_asked_and_nobody_with_a_baseline_tell_nothing()
    {
        FleetWindow.Merge(TimeSpan.FromHours(1), []).Should().BeEquivalentTo(new FleetWindow([], 0, 0, 0));
        FleetWindow.Merge(TimeSpan.FromHours(1), [Answer(1)]).Features.Should().BeEmpty();
    }

    private static FeatureWindow Feature(params long[] counts) => new() { Name = "amount", Bins = ["low", "[0,1]", "high"], Expected = [0, 1, 0], Counts = counts };

    private static ServerWindow Answer(double hours, params FeatureWindow[] features) =>
        new() { Model = "m", From = Start, To = Start.AddHours(hours), Versions = [new() { Version = "", Since = Start }, new() { Version = "1", Since = Start, Features = features }] };
}
