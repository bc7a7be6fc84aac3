using k8s.Models;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Observe;

/// <summary>The questions that are asked of a pod.</summary>
internal static class PodExtensions
{
    public static bool IsReady(this V1Pod pod) =>
        pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    /// <summary>Evicted, or ended otherwise: no container of it starts again, and its ReplicaSet has made another in its place.</summary>
    public static bool IsFinished(this V1Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";

    /// <summary>Null until the kubelet has reported on the server's container.</summary>
    public static V1ContainerStatus? Server(this V1Pod pod) =>
        pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == Names.ServerContainer);
}
