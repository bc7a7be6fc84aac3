using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks.Tests.Server;

internal sealed class IntervalTests
{
    [Test]
    public void The_value_is_the_median()
    {
        Interval.Of([5, 1, 9]).Value.Should().Be(5);
        Interval.Of([4, 1, 9, 6]).Value.Should().Be(5);
    }

    [Test]
    public void The_same_number_over_and_over_has_no_width() => Interval.Of([3, 3, 3, 3]).Should().Be(Interval.Exactly(3));

    [Test]
    public void A_single_number_is_its_own_interval() => Interval.Of([7]).Should().Be(Interval.Exactly(7));

    [Test]
    public void The_same_numbers_give_the_same_interval()
    {
        double[] values = [1, 4, 2, 8, 5, 7];
        Interval.Of(values).Should().Be(Interval.Of(values));
    }

    [Test]
    public void One_stray_round_of_fifteen_moves_neither_the_value_nor_the_bounds_far()
    {
        double[] values = [.. Enumerable.Range(0, 14).Select(i => 1 + (i / 100.0)), 50];
        var interval = Interval.Of(values);
        interval.Value.Should().Be(1.07);
        interval.High.Should().BeLessThan(1.2);
    }

    // For 15 values in order, the resampled median falls outside the fourth to twelfth value about once in 28 times, and outside the
    // third to thirteenth once in 140: a 95 % interval ends between these.
    [Test]
    public void The_interval_of_fifteen_values_ends_near_their_fourth_and_twelfth()
    {
        var interval = Interval.Of([.. Enumerable.Range(1, 15).Select(i => (double)i)]);
        interval.Value.Should().Be(8);
        interval.Low.Should().BeInRange(3, 5);
        interval.High.Should().BeInRange(11, 13);
    }
}
