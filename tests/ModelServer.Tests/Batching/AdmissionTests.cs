using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Tests.Batching;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AdmissionTests
{
    private readonly RunCosts _costs = new();

    [Test]
    public void Nothing_is_refused_before_a_run_was_measured() =>
        Require(inside: 1_000_000, left: TimeSpan.FromTicks(1)).Should().NotThrow();

    [Test]
    public void A_request_is_admitted_while_the_estimated_wait_fits_its_deadline()
    {
        _costs.Learn(TimeSpan.FromMilliseconds(100), rows: 4, calls: 1);

        Require(inside: 21, left: TimeSpan.FromSeconds(1.1)).Should().NotThrow();
        Require(inside: 31, left: TimeSpan.FromSeconds(1.1)).Should().Throw<ServingException>()
            .WithMessage("Too much to do: 30 requests are under way, an estimated wait of 1.5 s, and the request would not be answered in time; try again later or add replicas.")
            .Which.Should().BeEquivalentTo(new { Code = ErrorCode.ResourceExhausted, RetryAfter = TimeSpan.FromSeconds(1.5) });
    }

    [Test]
    public void A_limit_that_is_set_counts_whatever_the_wait()
    {
        Require(inside: 2, left: TimeSpan.FromHours(1), maxConcurrency: 2).Should().NotThrow();
        Require(inside: 3, left: TimeSpan.FromHours(1), maxConcurrency: 2).Should().Throw<ServingException>()
            .WithMessage("Too much to do: 2 requests, the most that this server admits, are under way; try again later or add replicas.");
    }

    [Test]
    public void A_limit_that_changes_counts_from_the_next_request()
    {
        var live = new LiveState(new() { MaxConcurrency = 2 });
        var admission = new Admission(new ExecutionPlan(), _costs, live);
        var require = () => admission.Require(inside: 3, TimeSpan.FromHours(1));

        require.Should().Throw<ServingException>();
        live.Current = live.Current with { MaxConcurrency = 3 };
        require.Should().NotThrow();
    }

    private Action Require(long inside, TimeSpan left, int maxConcurrency = 0) =>
        () => new Admission(new ExecutionPlan { Workers = 2 }, _costs, new LiveState(new() { MaxConcurrency = maxConcurrency })).Require(inside, left);
}
