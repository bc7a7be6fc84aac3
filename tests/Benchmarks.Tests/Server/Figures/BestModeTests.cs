using Slipway.Benchmarks.Server.Figures;

namespace Slipway.Benchmarks.Tests.Server.Figures;

internal sealed class BestModeTests
{
    [Test]
    public void The_best_is_chosen_over_all_rounds_and_compared_round_by_round() =>
        BestMode.Ratio([11, 22, 33], [[10, 20, 30], [9, 40, 60]]).Value.Should().BeApproximately(1.1, 1e-9);

    [Test]
    public void A_side_can_be_better_than_the_best_of_the_others() => BestMode.Ratio([5, 5], [[10, 10]]).Value.Should().Be(0.5);
}
