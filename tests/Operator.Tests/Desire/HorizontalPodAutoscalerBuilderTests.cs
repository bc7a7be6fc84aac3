using System.Text.Json.Nodes;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class HorizontalPodAutoscalerBuilderTests
{
    [Test]
    public void Every_metric_and_a_pace_of_ones_own()
    {
        var behavior = JsonNode.Parse("""{"scaleDown":{"stabilizationWindowSeconds":60,"selectPolicy":"Min","policies":[{"type":"Percent","value":10,"periodSeconds":30}]}}""")!.AsObject();
        var scaling = A.Autoscaling(2, 20, behavior: behavior, metrics: [("Cpu", 70), ("Memory", 80), ("Concurrency", 8), ("RequestsPerSecond", 100), ("QueueTime", 20)]);

        Golden.Match(HorizontalPodAutoscalerBuilder.Build(A.Context(A.Model(autoscaling: scaling)))!, "horizontal-pod-autoscaler");
    }

    [Test]
    public void Without_a_behavior_the_pace_is_left_to_kubernetes() =>
        HorizontalPodAutoscalerBuilder.Build(A.Context(A.Model(autoscaling: A.Autoscaling(behavior: []))))!.Spec.Behavior.Should().BeNull();

    [Test]
    public void None_is_wanted_without_autoscaling_or_with_the_other_engine()
    {
        HorizontalPodAutoscalerBuilder.Build(A.Context()).Should().BeNull();
        HorizontalPodAutoscalerBuilder.Build(A.Context(A.Model(autoscaling: A.Autoscaling(engine: "KEDA")))).Should().BeNull();
    }
}
