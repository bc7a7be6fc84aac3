using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Batching;

internal sealed class WorkersTests
{
    [TestCase(1, 1, 1)]
    [TestCase(8, 1, 8)]
    [TestCase(8, 3, 2)]
    [TestCase(2, 4, 1)]
    public void As_many_calls_run_at_a_time_as_processors_carry_with_their_threads(int processors, int threads, int workers) =>
        Workers.For(new SessionSettings { IntraOpThreads = threads }, processors).Should().Be(workers);

    [Test]
    public void A_number_that_was_asked_for_is_obeyed() => Workers.For(new SessionSettings { Instances = 5 }, processors: 2).Should().Be(5);
}
