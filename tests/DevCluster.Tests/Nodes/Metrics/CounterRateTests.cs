using Slipway.DevCluster.Nodes.Metrics;

namespace Slipway.DevCluster.Tests.Nodes.Metrics;

internal sealed class CounterRateTests
{
    private static readonly DateTimeOffset End = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_whole_window_of_steady_growth_gives_that_growth() =>
        Rate((60, 1000), (45, 1015), (30, 1030), (15, 1045), (0, 1060)).Should().BeApproximately(1, 1e-9);

    [Test]
    public void Short_gaps_at_the_ends_are_filled_up() =>
        Rate((55, 1000), (40, 1015), (25, 1030), (10, 1045)).Should().BeApproximately(1, 1e-9, "45 s of 60 are covered, and 5 and 10 s are missing");

    [Test]
    public void Long_gaps_are_filled_up_by_half_a_pace() =>
        Rate((40, 1000), (30, 1010), (20, 1020)).Should().BeApproximately(30 / 60.0, 1e-9, "20 s are covered and 5 s are added at either end");

    [Test]
    public void Nothing_is_assumed_from_before_the_counter_was_zero() =>
        Rate((10, 0), (5, 50), (0, 100)).Should().BeApproximately(100 / 60.0, 1e-9);

    [Test]
    public void A_counter_that_fell_has_started_anew() =>
        Rate((60, 100), (45, 115), (30, 10), (15, 25), (0, 40)).Should().BeApproximately(55 / 60.0, 1e-9);

    [Test]
    public void One_reading_says_nothing() => Rate((5, 10)).Should().BeNull();

    [Test]
    public void An_idle_counter_grows_by_zero() => Rate((10, 7), (5, 7), (0, 7)).Should().Be(0);

    private static double? Rate(params (int SecondsAgo, double Value)[] readings) =>
        CounterRate.Of([.. readings.Select(reading => new Reading(End.AddSeconds(-reading.SecondsAgo), reading.Value))], End, TimeSpan.FromMinutes(1));
}
