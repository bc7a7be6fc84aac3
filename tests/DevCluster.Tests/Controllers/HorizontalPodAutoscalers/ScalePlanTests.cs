using System.Text.Json.Nodes;
using k8s.Models;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

internal sealed class ScalePlanTests
{
    private static readonly ScalingHistory History = new();

    [TestCase(12, 10, "Current number of replicas above Spec.MaxReplicas")]
    [TestCase(1, 2, "Current number of replicas below Spec.MinReplicas")]
    public void Outside_of_the_bounds_no_figure_is_needed(int current, int expected, string reason)
    {
        var plan = ScalePlan.WithoutMetrics(A.Spec(most: 10, least: 2), Scale(current), History)!;

        (plan.Replicas, plan.Reason).Should().Be((expected, reason));
    }

    [Test]
    public void A_target_of_zero_pods_is_left_alone()
    {
        var plan = ScalePlan.WithoutMetrics(A.Spec(), Scale(0), History)!;

        plan.Replicas.Should().Be(0);
        plan.Findings.Single().Should().BeEquivalentTo(new { Type = "ScalingActive", Holds = false, Reason = "ScalingDisabled" });
    }

    [Test]
    public void A_target_that_tells_no_selector_cannot_be_measured() =>
        ScalePlan.WithoutMetrics(A.Spec(), Scale(3, selector: ""), History)!.Findings.Single().Reason.Should().Be("InvalidSelector");

    [Test]
    public void Within_the_bounds_the_figures_decide() => ScalePlan.WithoutMetrics(A.Spec(), Scale(3), History).Should().BeNull();

    [Test]
    public void Of_several_figures_the_one_that_wants_most_wins()
    {
        var plan = Plan(2, Answer(2, "a"), Answer(4, "b"), Answer(3, "c"));

        (plan.Replicas, plan.Reason, plan.Error).Should().Be((4, "b above target", null));
        plan.Findings.Select(finding => (finding.Type, finding.Holds, finding.Reason)).Should().Equal(
            ("ScalingActive", true, "ValidMetricFound"), ("AbleToScale", true, "ReadyForNewScale"), ("ScalingLimited", false, "DesiredWithinRange"));
        plan.History.Recommendations.Should().Equal(new TimedCount(4, A.Now));
    }

    [Test]
    public void All_below_their_targets_take_pods_away() => (Plan(6, Answer(2, "a"), Answer(3, "b")) is var plan ? (plan.Replicas, plan.Reason) : default).Should().Be((3, "All metrics below target"));

    [Test]
    public void A_figure_that_cannot_be_read_keeps_pods_and_lets_others_add()
    {
        var more = Plan(2, Answer(4, "a"), Failed());
        var fewer = Plan(6, Answer(4, "a"), Failed());

        more.Replicas.Should().Be(4);
        more.Error.Should().Be("invalid metrics (1 invalid out of 2), first error is: failed to get pods metric value: nobody tells");
        fewer.Replicas.Should().BeNull();
        fewer.Findings.Single().Should().Be(new AutoscalerFinding("ScalingActive", false, "FailedGetPodsMetric", "the HPA was unable to compute the replica count: nobody tells"));
    }

    [Test]
    public void Times_of_conditions_move_with_their_status_only()
    {
        var before = A.Now.AddHours(-1).UtcDateTime;
        var autoscaler = new V2HorizontalPodAutoscaler
        {
            Status = new()
            {
                DesiredReplicas = 2,
                Conditions =
                [
                    new() { Type = "AbleToScale", Status = "True", Reason = "SucceededGetScale", Message = "", LastTransitionTime = before },
                    new() { Type = "ScalingLimited", Status = "True", Reason = "TooFewReplicas", Message = "", LastTransitionTime = before },
                ],
            },
        };

        var status = AutoscalerStatusBuilder.Build(
            autoscaler, 2, 3, [], [new("AbleToScale", true, "SucceededGetScale", ""), new("AbleToScale", true, "SucceededRescale", ""), new("ScalingLimited", false, "DesiredWithinRange", "")], null, A.Now.UtcDateTime);

        status.Conditions.Select(condition => (condition.Type, condition.Reason, condition.LastTransitionTime)).Should().Equal(
            ("AbleToScale", "SucceededRescale", before), ("ScalingLimited", "DesiredWithinRange", A.Now.UtcDateTime));
        (status.CurrentReplicas, status.DesiredReplicas).Should().Be((2, 3));
    }

    private static ScalePlan Plan(int current, params MetricAnswer[] answers) =>
        ScalePlan.Of(A.Spec(), current, History, MetricsVerdict.Of(answers, current), new(), A.Now);

    private static MetricAnswer Answer(int replicas, string name) => new(replicas, name, new() { Type = "Pods" });

    private static MetricAnswer Failed() => MetricAnswer.Failed(new() { Type = "Pods" }, "nobody tells");

    private static TargetScale Scale(int replicas, string selector = "app=web") =>
        new("", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas }, ["status"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector } });
}
