using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

internal sealed class BucketLogTests
{
    private const int Cells = 300;

    [Test]
    public void Counts_are_added_up_by_owner_over_the_minutes_that_are_asked_for()
    {
        var log = new BucketLog(10_000);
        log.Append(10, owner: 1, [1, 0, 2]);
        log.Append(11, owner: 1, [10, 0, 0]);
        log.Append(11, owner: 2, [0, 500, 0]);
        log.Append(12, owner: 1, [0, 0, long.MaxValue]);

        Sums(log, 10, 12, owner: 1).Should().Equal(11, 0, 2);
        Sums(log, 11, 13, owner: 2).Should().Equal(0, 500, 0);
        Sums(log, 12, 13, owner: 1).Should().Equal(0, 0, long.MaxValue);
        Sums(log, 13, long.MaxValue, owner: 1).Should().Equal(0, 0, 0);
    }

    [Test]
    public void A_quiet_minute_takes_no_room()
    {
        var log = new BucketLog(BucketLog.MostRecordBytes(3));
        log.Append(1, owner: 1, [1, 2, 3]);

        for (var minute = 2; minute < 1000; minute++)
        {
            log.Append(minute, owner: 1, [0, 0, 0]);
        }

        Sums(log, 0, 1000, owner: 1).Should().Equal(1, 2, 3);
        log.LastGivenUp.Should().Be(-1);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void What_was_not_given_up_is_there_to_the_last_count(int seed)
    {
        var random = new Random(seed);
        var log = new BucketLog(5_000 + random.Next(1_000));
        var all = new List<(long Minute, int Owner, long[] Counts)>();
        for (var minute = 0; minute < 400; minute++)
        {
            for (var owner = 0; owner < random.Next(1, 4); owner++)
            {
                var counts = new long[Cells];
                for (var i = random.Next(40); i > 0; i--)
                {
                    counts[random.Next(Cells)] = random.NextInt64(1L << random.Next(1, 40));
                }

                log.Append(minute, owner, counts);
                all.Add((minute, owner, counts));
            }

            for (var owner = 0; owner < 3; owner++)
            {
                var expected = new long[Cells];
                foreach (var record in all.Where(record => record.Owner == owner && record.Minute > log.LastGivenUp))
                {
                    for (var cell = 0; cell < Cells; cell++)
                    {
                        expected[cell] += record.Counts[cell];
                    }
                }

                Sums(log, log.LastGivenUp + 1, minute + 1, owner, Cells).Should().Equal(expected);
            }
        }

        log.LastGivenUp.Should().BeInRange(300, 398, "the bytes hold some minutes and not all");
    }

    [Test]
    public void What_was_counted_ahead_of_time_does_not_hide_the_present_once_it_is_given_up()
    {
        var log = new BucketLog(BucketLog.MostRecordBytes(1));
        log.Append(9_000, owner: 1, [1]);

        log.Append(10, owner: 1, [2]);
        log.Append(11, owner: 1, [3]);

        log.LastGivenUp.Should().Be(10);
        Sums(log, 11, 12, owner: 1, cells: 1).Should().Equal(3);
    }

    private static long[] Sums(BucketLog log, long first, long end, int owner, int cells = 3)
    {
        var sums = new long[cells];
        log.AddTo(first, end, each => each == owner ? sums : null);
        return sums;
    }
}
