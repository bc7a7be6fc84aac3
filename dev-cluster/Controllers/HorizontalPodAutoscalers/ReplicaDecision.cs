using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>The number of pods that an autoscaler's rules make of what its figures ask for.</summary>
/// <param name="Replicas">What the target is to ask for.</param>
/// <param name="History">With the recommendation in it.</param>
/// <param name="Findings">What held it off, and what limits it.</param>
internal sealed record ReplicaDecision(int Replicas, ScalingHistory History, IReadOnlyList<AutoscalerFinding> Findings)
{
    /// <param name="spec">Of the autoscaler.</param>
    /// <param name="history">What it remembers.</param>
    /// <param name="current">Pods that the target asks for now.</param>
    /// <param name="recommended">What the figures ask for.</param>
    /// <param name="options">What holds where the behavior states nothing.</param>
    /// <param name="now">The present.</param>
    public static ReplicaDecision Of(
        V2HorizontalPodAutoscalerSpec spec, ScalingHistory history, int current, int recommended, HorizontalPodAutoscalerOptions options, DateTimeOffset now)
    {
        var (stabilized, able) = Stabilization.Apply(history, spec.Behavior, current, recommended, options.DownscaleStabilization, now);
        var (replicas, limited) = ScalingLimits.Apply(spec, history, current, stabilized, now);
        return new(replicas, history.Recommended(recommended, now), [able, limited]);
    }
}
