using System.Diagnostics;
using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Tests.Server.Loads;

internal sealed class ArrivalsTests
{
    private const int Count = 100_000;

    [Test]
    public void They_come_at_the_rate_that_was_asked_for() => (Count / Seconds(Take(1000)[^1])).Should().BeApproximately(1000, 15);

    [Test]
    public void They_keep_no_distance()
    {
        var due = Take(1000);
        var gaps = due.Zip(due.Skip(1), (first, second) => Seconds(second - first)).ToArray();
        gaps.Should().OnlyContain(gap => gap >= 0);

        // Of times that are exponentially distributed, 1 − 1/e are below their mean.
        (gaps.Count(gap => gap < 0.001) / (double)gaps.Length).Should().BeApproximately(0.632, 0.01);
    }

    [Test]
    public void The_same_seed_gives_the_same_run_and_another_one_another()
    {
        new Arrivals(50, seed: 3).Next().Should().Be(new Arrivals(50, seed: 3).Next());
        new Arrivals(50, seed: 3).Next().Should().NotBe(new Arrivals(50, seed: 4).Next());
    }

    private static long[] Take(double rate)
    {
        var arrivals = new Arrivals(rate, seed: 1);
        return [.. Enumerable.Range(0, Count).Select(_ => arrivals.Next())];
    }

    private static double Seconds(long ticks) => ticks / (double)Stopwatch.Frequency;
}
