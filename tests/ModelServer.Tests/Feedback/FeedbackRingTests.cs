using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Tests.Feedback;

internal sealed class FeedbackRingTests
{
    [Test]
    public void What_is_appended_is_summed_up_again_however_large()
    {
        var ring = new FeedbackRing(10_000);
        var sums = Sums(cell: 7, count: 3L * uint.MaxValue);
        sums.Add(2600, 1);
        sums.Add(new FeedbackNumbers(1, 2, 3, 4.5, 5.5, 6.5, 7.5, 8.5));
        ring.Append(5, owner: 1, sums);
        ring.Append(6, owner: 1, sums);
        ring.Append(6, owner: 2, sums);

        var read = new FeedbackSums();
        ring.AddTo(read, owner: 1, first: 5, end: 7);

        read.Cells.Should().BeEquivalentTo(new Dictionary<int, long> { [7] = 6L * uint.MaxValue, [2600] = 2 });
        read.Numbers.Should().Be(sums.Numbers + sums.Numbers);
    }

    [Test]
    public void The_oldest_go_first_and_the_ring_says_up_to_where()
    {
        var ring = new FeedbackRing(10_000);
        for (var stretch = 0; stretch < 1000; stretch++)
        {
            ring.Append(stretch, owner: 1, Sums(cell: stretch % 100, count: 1));
        }

        var read = new FeedbackSums();
        ring.AddTo(read, owner: 1, first: 0, end: 1000);

        ring.LastGivenUp.Should().BeInRange(900, 990);
        read.Numbers.Correct.Should().Be(999 - ring.LastGivenUp);
        read.Cells.Values.Sum().Should().Be(999 - ring.LastGivenUp);
    }

    [Test]
    public void What_a_clock_that_was_set_back_had_counted_ahead_is_not_given_up_for_ever()
    {
        var ring = new FeedbackRing(1_000);
        ring.Append(1_000_000, owner: 1, Sums(cell: 1, count: 1));
        for (var stretch = 0; stretch < 100; stretch++)
        {
            ring.Append(stretch, owner: 1, Sums(cell: 1, count: 1));
        }

        ring.LastGivenUp.Should().BeLessThan(100);
    }

    [Test]
    public void Nothing_takes_no_room()
    {
        var ring = new FeedbackRing(1_000);
        ring.Append(0, owner: 1, Sums(cell: 1, count: 1));
        for (var stretch = 1; stretch < 100; stretch++)
        {
            ring.Append(stretch, owner: 1, new FeedbackSums());
        }

        ring.LastGivenUp.Should().Be(-1);
    }

    private static FeedbackSums Sums(int cell, long count)
    {
        var sums = new FeedbackSums();
        sums.Add(cell, count);
        sums.Add(new FeedbackNumbers { Correct = 1 });
        return sums;
    }
}
