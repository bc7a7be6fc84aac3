using k8s.Models;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

/// <summary>desired = ceil(current × figure ÷ target), and what Kubernetes' documentation makes of pods that say nothing.</summary>
internal sealed class ReplicaCalculatorTests
{
    // The documentation's own: a figure of 200m with a target of 100m doubles the pods, 50m halves them.
    [TestCase(1, 200, 100, 2)]
    [TestCase(4, 200, 100, 8)]
    [TestCase(4, 50, 100, 2)]
    [TestCase(5, 50, 100, 3)]
    [TestCase(3, 0, 100, 0)]
    [TestCase(1, 3050, 100, 31)]
    // Within a tenth of the target nothing is done.
    [TestCase(4, 110, 100, 4)]
    [TestCase(4, 90, 100, 4)]
    [TestCase(4, 111, 100, 5)]
    [TestCase(20, 89, 100, 18)]
    public void The_ratio_of_the_average_to_the_target_decides(int pods, long value, long target, int expected)
    {
        var proposal = A.Calculator(A.Pods(pods)).ForAverage(A.Metrics([.. Enumerable.Repeat<long?>(value, pods)]), target, isCpu: false);

        proposal.Should().Be(new Proposal(expected, value, null));
    }

    [TestCase(new long[] { 50, 50 }, 50, 2, 50)]
    [TestCase(new long[] { 100, 100 }, 50, 4, 100)]
    [TestCase(new long[] { 200, 40, 60 }, 50, 6, 100)]
    [TestCase(new long[] { 10, 10, 10, 10 }, 50, 1, 10)]
    public void Utilization_is_percent_of_what_all_pods_request(long[] used, int target, int expected, int utilization)
    {
        var proposal = A.Calculator(A.Pods(used.Length)).ForUtilization(A.Metrics([.. used.Select(value => (long?)value)]), target, "cpu", null);

        (proposal.Replicas, proposal.Utilization).Should().Be((expected, utilization));
    }

    [Test]
    public void Pods_without_a_figure_count_as_full_on_the_way_down()
    {
        A.Calculator(A.Pods(4)).ForAverage(A.Metrics(50, 50, 50, null), 100, isCpu: false).Replicas.Should().Be(3, "(3 × 50 + 100) ÷ 4 is 0.625 of the target");
        A.Calculator(A.Pods(4)).ForUtilization(A.Metrics(10, 10, 10, null), 50, "cpu", null).Replicas.Should().Be(3, "the fourth counts with all that it requests: 130 of 400");
    }

    [Test]
    public void Pods_without_a_figure_count_as_idle_on_the_way_up()
    {
        A.Calculator(A.Pods(4)).ForAverage(A.Metrics(300, 300, 300, null), 100, isCpu: false).Replicas.Should().Be(9);
        A.Calculator(A.Pods(2)).ForAverage(A.Metrics(150, null), 100, isCpu: false).Replicas.Should().Be(2, "75 on average would turn the change round");
    }

    [Test]
    public void Pods_that_start_damp_the_way_up_and_are_left_out_on_the_way_down()
    {
        IReadOnlyList<V1Pod> pods = [A.Pod("p0"), A.Pod("p1"), A.Pod("p2", phase: "Pending")];

        A.Calculator(pods).ForAverage(A.Metrics(400, 400), 100, isCpu: false).Replicas.Should().Be(8, "800 over three pods");
        A.Calculator(pods).ForAverage(A.Metrics(120, 120), 100, isCpu: false).Replicas.Should().Be(3, "80 on average would turn the change round");
        A.Calculator(pods).ForAverage(A.Metrics(40, 40), 100, isCpu: false).Replicas.Should().Be(1);
    }

    [Test]
    public void Pods_on_their_way_out_do_not_count()
    {
        var leaving = A.Pod("p1");
        leaving.Metadata.DeletionTimestamp = A.Now.UtcDateTime;

        A.Calculator([A.Pod("p0"), leaving, A.Pod("p2", phase: "Failed")]).ForAverage(A.Metrics(200, 900, 900), 100, isCpu: false).Replicas.Should().Be(2);
    }

    [TestCase(true, 60, 20, 2, Description = "ready for less than a window: measured in part while it started")]
    [TestCase(true, 60, 40, 4)]
    [TestCase(false, 60, 40, 2)]
    [TestCase(false, 3600, 3590, 2, Description = "it has never been ready")]
    [TestCase(false, 3600, 60, 4, Description = "it was ready once, and its load counts")]
    public void Processor_time_of_a_pod_that_starts_does_not_count(bool ready, int started, int changed, int expected)
    {
        IReadOnlyList<V1Pod> pods = [A.Pod("p0"), A.Pod("p1", ready, startedSecondsAgo: started, changedSecondsAgo: changed)];

        A.Calculator(pods).ForUtilization(A.Metrics(100, 100), 50, "cpu", null).Replicas.Should().Be(expected);
        A.Calculator(pods).ForAverage(A.Metrics(100, 100), 50, isCpu: false).Replicas.Should().Be(4, "other figures count");
    }

    [Test]
    public void A_behavior_can_state_its_own_tolerance()
    {
        var behavior = A.Behavior();
        behavior.ScaleUp.Tolerance = new("0.02");

        A.Calculator(A.Pods(20), behavior: behavior).ForAverage(A.Metrics([.. Enumerable.Repeat<long?>(105, 20)]), 100, isCpu: false).Replicas.Should().Be(21);
        A.Calculator(A.Pods(20), behavior: behavior).ForAverage(A.Metrics([.. Enumerable.Repeat<long?>(95, 20)]), 100, isCpu: false).Replicas.Should().Be(20);
    }

    [Test]
    public void What_cannot_be_told_is_said()
    {
        var none = () => A.Calculator([]).ForAverage(A.Metrics(), 100, isCpu: false);
        var silent = () => A.Calculator(A.Pods(1)).ForAverage(A.Metrics(), 100, isCpu: false);
        var unbounded = () => A.Calculator([A.Pod("p0", cpu: null)]).ForUtilization(A.Metrics(5), 50, "cpu", null);

        none.Should().Throw<MetricUnavailableException>().WithMessage("no pods returned by selector while calculating replica count");
        silent.Should().Throw<MetricUnavailableException>().WithMessage("did not receive metrics for targeted pods (pods might be unready)");
        unbounded.Should().Throw<MetricUnavailableException>().WithMessage("missing request for cpu in container main of Pod p0");
    }
}
