using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Tests.Server.Loads;

internal sealed class H2LoadTests
{
    [TestCase("requests: 200 total, 200 started, 200 done, 200 succeeded, 0 failed, 0 errored, 0 timeout", 0)]
    [TestCase("requests: 200 total, 200 started, 200 done, 197 succeeded, 3 failed, 0 errored, 0 timeout", 3)]
    [TestCase("requests: 200 total, 150 started, 150 done, 150 succeeded, 0 failed, 0 errored, 0 timeout", 50)]
    public void Whatever_did_not_succeed_has_failed(string line, long failed) =>
        H2Load.Failed($"finished in 1.00s\n{line}\nstatus codes: 1 2xx\n", requests: 200).Should().Be(failed);

    [Test]
    public void A_run_without_an_ending_is_no_measurement() =>
        FluentActions.Invoking(() => H2Load.Failed("starting benchmark...", requests: 200)).Should().Throw<InvalidOperationException>();
}
