using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

internal sealed class BatchedCountersTests
{
    [Test]
    public void What_is_named_twice_counts_twice()
    {
        var counters = new BatchedCounters(40);

        counters.AddEach([3, 39, 3]);
        counters.AddEach([]);

        Enumerable.Range(0, 40).Select(counters.Read).Should().Equal(Enumerable.Range(0, 40).Select(cell => cell switch { 3 => 2L, 39 => 1, _ => 0 }));
    }

    [Test]
    public void Nothing_is_lost_when_many_add_at_a_time()
    {
        const int Threads = 8;
        const int Turns = 20_000;
        var counters = new BatchedCounters(3);
        using var start = new Barrier(Threads);
        var adding = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var turn = 0; turn < Turns; turn++)
            {
                counters.AddEach([0, 2, 2]);
            }
        })).ToList();

        adding.ForEach(thread => thread.Start());
        adding.ForEach(thread => thread.Join());

        Enumerable.Range(0, 3).Select(counters.Read).Should().Equal(Threads * Turns, 0, 2 * Threads * Turns);
    }
}
