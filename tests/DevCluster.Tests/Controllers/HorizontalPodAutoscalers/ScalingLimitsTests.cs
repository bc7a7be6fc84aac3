using k8s.Models;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

internal sealed class ScalingLimitsTests
{
    /// <summary>The documentation's example: 4 pods or 10 percent a minute, whichever is more.</summary>
    private static V2HorizontalPodAutoscalerBehavior Slowly => A.Behavior(down: A.Rules(null, "Max", ("Pods", 4, 60), ("Percent", 10, 60)));

    [TestCase(80, 72, Description = "10 percent of 80")]
    [TestCase(72, 64, Description = "10 percent of 72 are 7.2, which is rounded up to 8")]
    [TestCase(40, 36)]
    [TestCase(38, 34, Description = "below 40 the four pods are more")]
    [TestCase(12, 10, Description = "no further than what is wanted")]
    public void Of_two_policies_the_one_that_changes_more_holds(int current, int expected) =>
        Apply(A.Spec(behavior: Slowly), new(), current, 10).Replicas.Should().Be(expected);

    [Test]
    public void What_a_period_has_seen_already_counts()
    {
        var after = new ScalingHistory().Scaled(80, 72, A.Now.AddSeconds(-30));

        Apply(A.Spec(behavior: Slowly), after, 72, 10).Should().Be((72, true, "ScaleDownLimit"));
        Apply(A.Spec(behavior: Slowly), new ScalingHistory().Scaled(80, 72, A.Now.AddSeconds(-61)), 72, 10).Replicas.Should().Be(64);
        Apply(A.Spec(behavior: Slowly), new ScalingHistory().Scaled(80, 78, A.Now.AddSeconds(-30)), 78, 10).Replicas.Should().Be(72, "the period began with 80");
    }

    [TestCase("Min", 76)]
    [TestCase("Max", 72)]
    [TestCase("Disabled", 80)]
    public void The_policy_is_selected_as_the_behavior_says(string select, int expected)
    {
        var behavior = A.Behavior(down: A.Rules(null, select, ("Pods", 4, 60), ("Percent", 10, 60)));

        Apply(A.Spec(behavior: behavior), new(), 80, 10).Replicas.Should().Be(expected);
    }

    [TestCase(1, 5, Description = "four pods are more than 100 percent")]
    [TestCase(3, 7)]
    [TestCase(6, 12)]
    public void A_behavior_adds_four_pods_or_doubles_by_default(int current, int expected) =>
        Apply(A.Spec(behavior: A.Behavior()), new(), current, 500).Should().Be((expected, true, "ScaleUpLimit"));

    [TestCase(1, 10)]
    [TestCase(10, 100)]
    [TestCase(100, 1000)]
    public void Nine_hundred_percent_are_ten_times_as_many(int current, int expected) =>
        Apply(A.Spec(5000, behavior: A.Behavior(up: A.Rules(0, "Max", ("Percent", 900, 60)))), new(), current, 4000).Replicas.Should().Be(expected);

    [Test]
    public void Additions_of_the_period_are_not_taken_back()
    {
        var behavior = A.Behavior(up: A.Rules(0, "Max", ("Pods", 2, 60)));
        var history = new ScalingHistory().Scaled(1, 5, A.Now.AddSeconds(-10));

        Apply(A.Spec(behavior: behavior), history, 5, 9).Should().Be((5, true, "ScaleUpLimit"));
    }

    [TestCase(1, 500, 4, "ScaleUpLimit", Description = "four pods at least may be had at once")]
    [TestCase(10, 500, 20, "ScaleUpLimit", Description = "twice as many")]
    [TestCase(10, 15, 15, "DesiredWithinRange")]
    [TestCase(30, 500, 50, "TooManyReplicas")]
    [TestCase(30, 1, 2, "TooFewReplicas")]
    public void Without_a_behavior_the_standard_holds(int current, int desired, int expected, string reason) =>
        Apply(A.Spec(most: 50, least: 2), new(), current, desired).Should().Be((expected, reason != "DesiredWithinRange", reason));

    [TestCase(4, 50, 6, "TooManyReplicas")]
    [TestCase(4, 1, 2, "TooFewReplicas")]
    [TestCase(4, 4, 4, "DesiredWithinRange")]
    public void The_bounds_hold_within_what_the_policies_allow(int current, int desired, int expected, string reason) =>
        Apply(A.Spec(most: 6, least: 2, behavior: A.Behavior()), new(), current, desired).Should().Be((expected, reason != "DesiredWithinRange", reason));

    private static (int Replicas, bool Limited, string Reason) Apply(V2HorizontalPodAutoscalerSpec spec, ScalingHistory history, int current, int desired)
    {
        var (replicas, finding) = ScalingLimits.Apply(spec, history, current, desired, A.Now);
        finding.Type.Should().Be("ScalingLimited");
        return (replicas, finding.Holds, finding.Reason);
    }
}
