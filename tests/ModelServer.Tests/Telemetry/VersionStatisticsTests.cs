using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

internal sealed class VersionStatisticsTests
{
    private static readonly TimeSpan Micro = TimeSpan.FromMicroseconds(1);

    [Test]
    public void A_call_counts_with_the_whole_run_that_it_took_part_in()
    {
        var statistics = new VersionStatistics();

        statistics.Ran(10 * Micro, rows: 6, calls: 3, joining: 2 * Micro);
        statistics.Ran(5 * Micro, rows: 1, calls: 1, joining: TimeSpan.Zero);
        statistics.Queued(7 * Micro);

        statistics.Rows.Should().Be(7);
        statistics.Runs.Should().Be(2);
        statistics.Infer.Should().Be(new DurationSum(4, 35_000));
        statistics.Queue.Should().Be(new DurationSum(4, 7_000));
        statistics.Batches().Should().Equal(
            new BatchSum(1, new(1, 0), new(1, 5_000)),
            new BatchSum(6, new(1, 2_000), new(1, 10_000)));
    }

    [Test]
    public void Requests_are_told_apart_by_how_they_ended()
    {
        var statistics = new VersionStatistics();

        statistics.Ended(well: true, 3 * Micro);
        statistics.Ended(well: false, 4 * Micro);
        statistics.Read(Micro);
        statistics.Wrote(2 * Micro);

        statistics.Success.Should().Be(new DurationSum(1, 3_000));
        statistics.Failure.Should().Be(new DurationSum(1, 4_000));
        statistics.Input.Should().Be(new DurationSum(1, 1_000));
        statistics.Output.Should().Be(new DurationSum(1, 2_000));
        statistics.SinceLastRun.Should().BeNull();
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(128, 128)]
    [TestCase(129, 256)]
    [TestCase(1 << 20, 1 << 20)]
    [TestCase(long.MaxValue, 1 << 20)]
    public void Large_runs_are_counted_under_the_next_power_of_two(long rows, long size)
    {
        var statistics = new VersionStatistics();

        statistics.Ran(Micro, rows, calls: 1, joining: TimeSpan.Zero);

        statistics.Batches().Should().ContainSingle().Which.Rows.Should().Be(size);
        statistics.SinceLastRun.Should().NotBeNull();
    }

    [Test]
    public async Task Nothing_is_lost_when_many_threads_count()
    {
        var statistics = new VersionStatistics();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                statistics.Ran(Micro, rows: 2, calls: 1, joining: TimeSpan.Zero);
                statistics.Ended(well: true, Micro);
            }
        })));

        statistics.Rows.Should().Be(160_000);
        statistics.Success.Should().Be(new DurationSum(80_000, 80_000_000));
    }
}
