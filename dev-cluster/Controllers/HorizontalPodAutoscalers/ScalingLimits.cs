using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>How far the number of pods may go at once.</summary>
internal static class ScalingLimits
{
    private const int StandardFactor = 2;
    private const int StandardLeast = 4;
    private const double All = 100;

    private static readonly AutoscalerFinding Within = new(
        AutoscalerFinding.ScalingLimited, false, "DesiredWithinRange", "the desired count is within the acceptable range");

    private static readonly AutoscalerFinding UpTooFast = new(
        AutoscalerFinding.ScalingLimited, true, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");

    private static readonly AutoscalerFinding DownTooFast = new(
        AutoscalerFinding.ScalingLimited, true, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");

    private static readonly AutoscalerFinding TooMany = new(
        AutoscalerFinding.ScalingLimited, true, "TooManyReplicas", "the desired replica count is more than the maximum replica count");

    private static readonly AutoscalerFinding TooFew = new(
        AutoscalerFinding.ScalingLimited, true, "TooFewReplicas", "the desired replica count is less than the minimum replica count");

    /// <summary>The number of pods that the spec's bounds and the behavior's policies allow.</summary>
    /// <param name="spec">Of the autoscaler; without a behavior a step up at most doubles the pods, or takes them to 4.</param>
    /// <param name="history">Changes so far.</param>
    /// <param name="current">Pods that the target asks for now.</param>
    /// <param name="desired">What is wanted.</param>
    /// <param name="now">The present.</param>
    public static (int Replicas, AutoscalerFinding Finding) Apply(V2HorizontalPodAutoscalerSpec spec, ScalingHistory history, int current, int desired, DateTimeOffset now)
    {
        var least = spec.MinReplicas ?? 1;
        if (spec.Behavior is null)
        {
            var standard = Math.Max(StandardFactor * current, StandardLeast);
            return desired < least ? (least, TooFew) : Capped(desired, standard, spec.MaxReplicas);
        }

        if (desired > current)
        {
            return Capped(desired, Math.Max(current, HighestAllowed(spec.Behavior.ScaleUp, history, current, now)), spec.MaxReplicas);
        }

        if (desired == current)
        {
            return (desired, Within);
        }

        var rate = Math.Min(current, LowestAllowed(spec.Behavior.ScaleDown, history, current, now));
        return desired >= Math.Max(least, rate) ? (desired, Within) : least < rate ? (rate, DownTooFast) : (least, TooFew);
    }

    private static (int Replicas, AutoscalerFinding Finding) Capped(int desired, int rate, int most) =>
        desired <= Math.Min(most, rate) ? (desired, Within) : most > rate ? (rate, UpTooFast) : (most, TooMany);

    private static int HighestAllowed(V2HPAScalingRules? rules, ScalingHistory history, int current, DateTimeOffset now)
    {
        var allowed = Allowed(rules, (policy, before) => policy.Type == "Pods" ? before + policy.Value : (int)Math.Ceiling(before * (1 + (policy.Value / All))), history, current, now);
        return rules?.SelectPolicy == "Min" ? allowed.Min() : allowed.Max();
    }

    private static int LowestAllowed(V2HPAScalingRules? rules, ScalingHistory history, int current, DateTimeOffset now)
    {
        var allowed = Allowed(rules, (policy, before) => policy.Type == "Pods" ? before - policy.Value : (int)(before * (1 - (policy.Value / All))), history, current, now);
        return rules?.SelectPolicy == "Min" ? allowed.Max() : allowed.Min();
    }

    /// <summary>What each policy allows, by the number of pods at the start of its period; never nothing. The API server has filled in the policies of a behavior.</summary>
    private static IReadOnlyList<int> Allowed(
        V2HPAScalingRules? rules, Func<V2HPAScalingPolicy, int, int> allow, ScalingHistory history, int current, DateTimeOffset now) =>
        rules is null or { SelectPolicy: "Disabled" } or { Policies: null or { Count: 0 } }
            ? [current]
            : [.. rules.Policies.Select(policy => allow(policy, history.PodsBefore(TimeSpan.FromSeconds(policy.PeriodSeconds), current, now)))];
}
