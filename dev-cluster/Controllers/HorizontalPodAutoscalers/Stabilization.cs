using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>Holds off changes that recent recommendations speak against, so that the number of pods does not flap.</summary>
internal static class Stabilization
{
    private static readonly AutoscalerFinding Matches = new(AutoscalerFinding.AbleToScale, true, "ReadyForNewScale", "recommended size matches current size");

    private static readonly AutoscalerFinding HeldDown = new(
        AutoscalerFinding.AbleToScale, true, "ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation");

    private static readonly AutoscalerFinding HeldUp = new(
        AutoscalerFinding.AbleToScale, true, "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation");

    /// <summary>The number of pods that the recommendations of the windows allow, <paramref name="desired"/> among them.</summary>
    /// <param name="history">Without the present recommendation.</param>
    /// <param name="behavior">The autoscaler's; null means that it states none.</param>
    /// <param name="current">Pods that the target asks for now.</param>
    /// <param name="desired">What the figures ask for.</param>
    /// <param name="standard">The window on the way down, where the behavior states none.</param>
    /// <param name="now">The present.</param>
    public static (int Replicas, AutoscalerFinding Finding) Apply(
        ScalingHistory history, V2HorizontalPodAutoscalerBehavior? behavior, int current, int desired, TimeSpan standard, DateTimeOffset now)
    {
        var highest = Within(history, Window(behavior?.ScaleDown) ?? standard, now).Append(desired).Max();
        if (behavior is null)
        {
            return (highest, highest == desired ? Matches : HeldUp);
        }

        var lowest = Within(history, Window(behavior.ScaleUp) ?? TimeSpan.Zero, now).Append(desired).Min();
        var replicas = Math.Min(Math.Max(current, lowest), highest);
        return (replicas, replicas == desired ? Matches : desired >= current ? HeldDown : HeldUp);
    }

    private static TimeSpan? Window(V2HPAScalingRules? rules) => rules?.StabilizationWindowSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static IEnumerable<int> Within(ScalingHistory history, TimeSpan window, DateTimeOffset now) =>
        history.Recommendations.Where(recommendation => recommendation.Time > now - window).Select(recommendation => recommendation.Pods);
}
