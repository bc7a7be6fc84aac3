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
    public void A_request_is_admitted_while_the_estimated_wait_fits_half_of_its_deadline()
    {
        _costs.Learn(TimeSpan.FromMilliseconds(100), rows: 4, calls: 1);

        Require(inside: 21, left: TimeSpan.FromSeconds(2.1)).Should().NotThrow();
        Require(inside: 31, left: TimeSpan.FromSeconds(2.1)).Should().Throw<ServingException>()
            .WithMessage("Too much to do: 30 requests are under way, an estimated wait of 1.5 s, and the request might not be answered in time; try again later or add replicas.")
            .Which.Should().BeEquivalentTo(new { Code = ErrorCode.ResourceExhausted, RetryAfter = TimeSpan.FromSeconds(1.5) });
    }

    [Test]
    public void A_thread_that_lost_its_core_for_a_moment_makes_nobody_wait()
    {
        for (var i = 0; i < 100; i++)
        {
            _costs.LearnInline(TimeSpan.FromMicroseconds(20), rows: 1);
        }

        _costs.LearnInline(TimeSpan.FromMilliseconds(400), rows: 1);

        Require(inside: 5000, left: TimeSpan.FromSeconds(30)).Should().NotThrow();
    }

    [Test]
    public void Runs_that_go_on_being_long_are_believed()
    {
        for (var i = 0; i < 20; i++)
        {
            _costs.LearnInline(TimeSpan.FromMilliseconds(10), rows: 1);
        }

        _costs.SecondsPerRow.Should().BeGreaterThan(0.002, "then calls go to the workers, which count them whole");
        _costs.LearnInline(TimeSpan.FromSeconds(10), rows: 1);
        _costs.SecondsPerRow.Should().BeGreaterThan(1);
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
