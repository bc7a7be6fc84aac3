using k8s.Models;

namespace Slipway.DevCluster.Controllers;

/// <summary>What controllers ask of a pod.</summary>
internal static class PodFacts
{
    public static V1PodCondition? Condition(this V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    public static bool IsReady(this V1Pod pod) => pod.Condition("Ready")?.Status == "True";

    public static bool IsFinished(this V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    public static bool IsTerminating(this V1Pod pod) => pod.Metadata.DeletionTimestamp is not null;

    /// <summary>Counts for its ReplicaSet: neither finished nor on its way out.</summary>
    public static bool IsActive(this V1Pod pod) => !pod.IsFinished() && !pod.IsTerminating();

    /// <summary>Ready for at least <paramref name="minReady"/>.</summary>
    public static bool IsAvailable(this V1Pod pod, TimeSpan minReady, DateTime now) =>
        pod.IsReady() && (minReady == TimeSpan.Zero || pod.Condition("Ready")!.LastTransitionTime + minReady <= now);
}
