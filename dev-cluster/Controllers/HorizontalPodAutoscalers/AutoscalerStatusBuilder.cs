using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

internal static class AutoscalerStatusBuilder
{
    /// <param name="autoscaler">With the status before.</param>
    /// <param name="current">Pods that the target asked for; null when it could not be read.</param>
    /// <param name="desired">Pods that it is to ask for; null when nothing could be decided.</param>
    /// <param name="metrics">The figures now.</param>
    /// <param name="findings">In the order in which they were found: of two about the same condition the later holds.</param>
    /// <param name="scaledAt">When the number was changed last; null when it never was.</param>
    /// <param name="now">The present.</param>
    public static V2HorizontalPodAutoscalerStatus Build(
        V2HorizontalPodAutoscaler autoscaler, int? current, int? desired, IReadOnlyList<V2MetricStatus> metrics, IReadOnlyList<AutoscalerFinding> findings, DateTime? scaledAt, DateTime now) => new()
        {
            CurrentReplicas = current ?? autoscaler.Status?.CurrentReplicas,
            DesiredReplicas = desired ?? autoscaler.Status?.DesiredReplicas ?? 0,
            CurrentMetrics = metrics.Count == 0 ? null : [.. metrics],
            LastScaleTime = scaledAt,
            ObservedGeneration = autoscaler.Status?.ObservedGeneration,
            Conditions = Conditions(autoscaler.Status?.Conditions ?? [], findings, now),
        };

    private static List<V2HorizontalPodAutoscalerCondition> Conditions(
        IEnumerable<V2HorizontalPodAutoscalerCondition> before, IReadOnlyList<AutoscalerFinding> findings, DateTime now)
    {
        var conditions = before.ToList();
        foreach (var finding in findings.GroupBy(finding => finding.Type).Select(same => same.Last()))
        {
            var at = conditions.FindIndex(condition => condition.Type == finding.Type);
            var status = finding.Holds ? "True" : "False";
            var next = new V2HorizontalPodAutoscalerCondition
            {
                Type = finding.Type,
                Status = status,
                Reason = finding.Reason,
                Message = finding.Message,
                LastTransitionTime = at >= 0 && conditions[at].Status == status ? conditions[at].LastTransitionTime : now,
            };
            if (at < 0)
            {
                conditions.Add(next);
            }
            else
            {
                conditions[at] = next;
            }
        }

        return conditions;
    }
}
