using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks.Tests.Server;

internal sealed class PercentileTests
{
    private static readonly double[] Hundred = [.. Enumerable.Range(1, 100).Select(i => (double)i)];

    [TestCase(0.5, 50)]
    [TestCase(0.99, 99)]
    [TestCase(0.991, 100)]
    [TestCase(1, 100)]
    [TestCase(0.001, 1)]
    public void A_percentile_is_the_value_of_the_nearest_rank(double share, double value) => Percentile.Of(Hundred, share).Should().Be(value);

    [Test]
    public void One_value_is_every_percentile() => Percentile.Of([4.5], 0.99).Should().Be(4.5);

    [Test]
    public void Nothing_has_no_percentile() => FluentActions.Invoking(() => Percentile.Of([], 0.5)).Should().Throw<ArgumentOutOfRangeException>();
}
