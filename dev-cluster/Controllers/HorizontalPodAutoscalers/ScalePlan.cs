using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What one look at an autoscaler comes to.</summary>
internal sealed record ScalePlan
{
    /// <summary>Pods that the target is to ask for; null when nothing may be done.</summary>
    public int? Replicas { get; init; }

    /// <summary>Why the number changes, for the event.</summary>
    public string Reason { get; init; } = "";

    public required ScalingHistory History { get; init; }
    public IReadOnlyList<V2MetricStatus> Metrics { get; init; } = [];
    public IReadOnlyList<AutoscalerFinding> Findings { get; init; } = [];

    /// <summary>What could not be read; null when all could.</summary>
    public string? Error { get; init; }

    /// <summary>What needs no figure; null when they decide.</summary>
    /// <param name="spec">Of the autoscaler.</param>
    /// <param name="scale">Of its target.</param>
    /// <param name="history">What the autoscaler remembers.</param>
    public static ScalePlan? WithoutMetrics(V2HorizontalPodAutoscalerSpec spec, TargetScale scale, ScalingHistory history)
    {
        var least = spec.MinReplicas ?? 1;
        return scale.Replicas switch
        {
            0 when least != 0 => new()
            {
                Replicas = 0,
                History = history,
                Findings = [new(AutoscalerFinding.ScalingActive, false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero")],
            },
            var current when current > spec.MaxReplicas => new() { Replicas = spec.MaxReplicas, Reason = "Current number of replicas above Spec.MaxReplicas", History = history },
            var current when current < least => new() { Replicas = least, Reason = "Current number of replicas below Spec.MinReplicas", History = history },
            _ when scale.Selector.Length == 0 => new()
            {
                History = history,
                Findings = [new(AutoscalerFinding.ScalingActive, false, "InvalidSelector", "the HPA target's scale is missing a selector")],
                Error = "selector is required",
            },
            _ => null,
        };
    }

    /// <summary>What the figures come to, by the autoscaler's rules.</summary>
    public static ScalePlan Of(
        V2HorizontalPodAutoscalerSpec spec, int current, ScalingHistory history, MetricsVerdict verdict, HorizontalPodAutoscalerOptions options, DateTimeOffset now)
    {
        var undecided = new ScalePlan { History = history, Metrics = verdict.Statuses, Findings = [verdict.Finding], Error = verdict.Error };
        if (verdict.Replicas is not { } recommended)
        {
            return undecided;
        }

        var decision = ReplicaDecision.Of(spec, history, current, recommended, options, now);
        return undecided with
        {
            Replicas = decision.Replicas,
            Reason = recommended > current ? $"{verdict.Name} above target" : recommended < current ? "All metrics below target" : "",
            History = decision.History,
            Findings = [verdict.Finding, .. decision.Findings],
        };
    }
}
