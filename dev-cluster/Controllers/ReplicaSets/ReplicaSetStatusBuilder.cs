using k8s.Models;

namespace Slipway.DevCluster.Controllers.ReplicaSets;

internal static class ReplicaSetStatusBuilder
{
    /// <param name="failure">Why pods could not be made or deleted; null when they could.</param>
    public static V1ReplicaSetStatus Build(V1ReplicaSet set, IReadOnlyList<V1Pod> claimed, (string Reason, string Message)? failure, DateTime now)
    {
        var active = claimed.Where(pod => pod.IsActive()).ToList();
        var minReady = TimeSpan.FromSeconds(set.Spec.MinReadySeconds ?? 0);
        return new()
        {
            Replicas = active.Count,
            FullyLabeledReplicas = Count(active, pod => (set.Spec.Template.Metadata?.Labels).Matches(pod.Metadata.Labels)),
            ReadyReplicas = Count(active, pod => pod.IsReady()),
            AvailableReplicas = Count(active, pod => pod.IsAvailable(minReady, now)),
            TerminatingReplicas = claimed.Count(pod => pod.IsTerminating() && !pod.IsFinished()),
            ObservedGeneration = set.Metadata.Generation,
            Conditions = Conditions(set, failure, now),
        };
    }

    private static List<V1ReplicaSetCondition>? Conditions(V1ReplicaSet set, (string Reason, string Message)? failure, DateTime now)
    {
        var others = (set.Status?.Conditions ?? []).Where(condition => condition.Type != "ReplicaFailure").ToList();
        if (failure is { } cause)
        {
            var old = set.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "ReplicaFailure");
            others.Add(old ?? new() { Type = "ReplicaFailure", Status = "True", Reason = cause.Reason, Message = cause.Message, LastTransitionTime = now });
        }

        return others.Count == 0 ? null : others;
    }

    /// <summary>Zero is left out, as Kubernetes does.</summary>
    private static int? Count(List<V1Pod> pods, Func<V1Pod, bool> test) => pods.Count(test) is > 0 and var count ? count : null;
}
