using k8s.Models;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

internal sealed class StabilizationTests
{
    [Test]
    public void Without_a_behavior_the_highest_recommendation_of_five_minutes_holds()
    {
        var history = History((200, 8), (400, 20));

        Apply(history, null, current: 8, desired: 3).Should().Be((8, "ScaleDownStabilized"));
        Apply(history, null, current: 8, desired: 12).Should().Be((12, "ReadyForNewScale"));
        Apply(History((301, 8)), null, current: 8, desired: 3).Should().Be((3, "ReadyForNewScale"));
    }

    [Test]
    public void A_window_on_the_way_down_takes_the_highest_of_it()
    {
        var behavior = A.Behavior(down: A.Rules(60));

        Apply(History((90, 10), (50, 7), (20, 4)), behavior, current: 10, desired: 3).Should().Be((7, "ScaleDownStabilized"));
        Apply(History((90, 10)), behavior, current: 10, desired: 3).Should().Be((3, "ReadyForNewScale"));
    }

    [Test]
    public void A_window_on_the_way_up_takes_the_lowest_of_it()
    {
        var behavior = A.Behavior(up: A.Rules(60));

        Apply(History((90, 1), (50, 5), (20, 9)), behavior, current: 4, desired: 12).Should().Be((5, "ScaleUpStabilized"));
        Apply(History((50, 2)), behavior, current: 4, desired: 12).Should().Be((4, "ScaleUpStabilized"), "nothing is taken away for it");
    }

    [Test]
    public void Windows_of_zero_follow_at_once()
    {
        var behavior = A.Behavior(down: A.Rules(0));

        Apply(History((1, 10)), behavior, current: 10, desired: 1).Should().Be((1, "ReadyForNewScale"));
        Apply(History((1, 1)), behavior, current: 1, desired: 10).Should().Be((10, "ReadyForNewScale"));
    }

    private static ScalingHistory History(params (int SecondsAgo, int Pods)[] recommendations) =>
        new() { Recommendations = [.. recommendations.Select(one => new TimedCount(one.Pods, A.Now.AddSeconds(-one.SecondsAgo)))] };

    private static (int Replicas, string Reason) Apply(ScalingHistory history, V2HorizontalPodAutoscalerBehavior? behavior, int current, int desired)
    {
        var (replicas, finding) = Stabilization.Apply(history, behavior, current, desired, TimeSpan.FromMinutes(5), A.Now);
        finding.Type.Should().Be("AbleToScale");
        return (replicas, finding.Reason);
    }
}
