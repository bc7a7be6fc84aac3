using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Tests.Server.Loads;

internal sealed class OpenLoopTallyTests
{
    [Test]
    public void Each_ending_is_counted_apart()
    {
        var tally = new OpenLoopTally(deadline: 0.5, window: 2);
        for (var i = 0; i < 7; i++)
        {
            tally.Due();
        }

        tally.Answered(200, at: 0.1, latency: 0.1);
        tally.Answered(200, at: 1.0, latency: 0.6);
        tally.Answered(200, at: 2.1, latency: 0.2);
        tally.Answered(429, at: 0.2, latency: 0.001);
        tally.Answered(504, at: 0.9, latency: 0.5);
        tally.Answered(500, at: 0.3, latency: 0.1);
        tally.Lost();
        tally.Total().Should().Be(new OpenLoopAnswer(
            Due: 7, Ok: 3, Refused: 1, Late: 1, Expired: 1, Lost: 1, Failed: 1, Unexpected: 500, Goodput: 0.5, Median: 0.2, P99: 0.6));
    }

    [Test]
    public void An_answer_after_the_run_is_in_time_but_no_part_of_the_rate()
    {
        var tally = new OpenLoopTally(deadline: 0.5, window: 1);
        tally.Answered(200, at: 1.2, latency: 0.3);
        tally.Total().Should().Match<OpenLoopAnswer>(total => total.Goodput == 0 && total.Late == 0 && total.Ok == 1);
    }

    [Test]
    public void Without_an_answer_there_is_no_latency() => new OpenLoopTally(1, 1).Total().Median.Should().Be(double.NaN);
}
