using k8s.Models;
using Slipway.DevCluster.Controllers.Deployments;

namespace Slipway.DevCluster.Controllers.Disruption;

/// <summary>How many pods of a budget may be disrupted now.</summary>
internal static class DisruptionStatusBuilder
{
    /// <param name="expected">Pods that the controllers of the matching pods want.</param>
    public static V1PodDisruptionBudgetStatus Build(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, int expected, DateTime now)
    {
        var pending = Pending(budget, pods);
        var healthy = pods.Count(pod => pod.IsReady() && !pod.IsTerminating() && pending?.ContainsKey(pod.Metadata.Name) != true);
        var (count, desired) = budget.Spec switch
        {
            { MaxUnavailable: { } most } => (expected, Math.Max(0, expected - Surge.Resolve(most, expected, roundUp: true))),
            { MinAvailable: { } least } when least.Value.EndsWith('%') => (expected, Surge.Resolve(least, expected, roundUp: true)),
            { MinAvailable: { } least } => (pods.Count, Surge.Resolve(least, pods.Count, roundUp: true)),
            _ => (pods.Count, 0),
        };
        var allowed = count <= 0 ? 0 : Math.Max(0, healthy - desired);
        return new()
        {
            ObservedGeneration = budget.Metadata.Generation,
            CurrentHealthy = healthy,
            DesiredHealthy = desired,
            ExpectedPods = count,
            DisruptionsAllowed = allowed,
            DisruptedPods = pending,
            Conditions = [Condition(budget, allowed > 0, now)],
        };
    }

    /// <summary>Evicted pods that the cache still shows as if nothing had happened; counted as healthy they could be evicted for twice.</summary>
    private static Dictionary<string, DateTime?>? Pending(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods)
    {
        var left = (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTime?>())
            .Where(pair => pods.Any(pod => pod.Metadata.Name == pair.Key && !pod.IsTerminating()))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        return left.Count == 0 ? null : left;
    }

    private static V1Condition Condition(V1PodDisruptionBudget budget, bool allowed, DateTime now)
    {
        var status = allowed ? "True" : "False";
        var old = budget.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "DisruptionAllowed");
        return new()
        {
            Type = "DisruptionAllowed",
            Status = status,
            Reason = allowed ? "SufficientPods" : "InsufficientPods",
            Message = "",
            ObservedGeneration = budget.Metadata.Generation,
            LastTransitionTime = old?.Status == status ? old.LastTransitionTime : now,
        };
    }
}
