namespace Slipway.Api.Tests;

internal sealed class FeedbackWindowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Classes_are_added_up_by_name()
    {
        var one = new FeedbackWindow { Classes = ["a", "b"], Counts = [[1, 2], [3, 4]], Correct = 5, Wrong = 5 };
        var other = new FeedbackWindow { Classes = ["b", "other", "a"], Counts = [[10, 20, 30], [40, 50, 60], [70, 80, 90]], Correct = 100, Wrong = 350 };

        var sum = FeedbackWindow.Sum([one, other]);

        sum.Classes.Should().Equal("a", "b", "other");
        sum.Counts.Should().BeEquivalentTo(
            (long[][])[[91, 72, 80], [33, 14, 20], [60, 40, 50]], options => options.WithStrictOrdering());
        (sum.Correct, sum.Wrong).Should().Be((105, 355));
    }

    [Test]
    public void Sums_are_added_up_and_the_stretch_reaches_over_both()
    {
        var one = new FeedbackWindow
        {
            From = Noon,
            To = Noon.AddMinutes(20),
            Values = 2,
            AbsoluteError = 3,
            SquaredError = 5,
            PositiveError = 1,
            NegativeError = 2,
            Reward = 0.5,
        };

        var sum = FeedbackWindow.Sum([one, one with { From = Noon.AddMinutes(10), To = Noon.AddMinutes(30) }]);

        sum.Should().BeEquivalentTo(new FeedbackWindow
        {
            From = Noon,
            To = Noon.AddMinutes(30),
            Values = 4,
            AbsoluteError = 6,
            SquaredError = 10,
            PositiveError = 2,
            NegativeError = 4,
            Reward = 1,
        });
    }

    [Test]
    public void A_sum_that_no_part_has_stays_none()
    {
        var rewards = new FeedbackWindow { Values = 2, Reward = 0 };

        FeedbackWindow.Sum([rewards, new() { Correct = 1 }, rewards]).Should().BeEquivalentTo(new FeedbackWindow { Correct = 1, Values = 4, Reward = 0 });
    }
}
