using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.ReplicaSets;

/// <summary>Orders pods so that those which are missed least come first.</summary>
internal static class PodRanking
{
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";

    public static IEnumerable<V1Pod> LeastMissedFirst(IEnumerable<V1Pod> pods) => pods
        .OrderBy(pod => string.IsNullOrEmpty(pod.Spec.NodeName) ? 0 : 1)
        .ThenBy(pod => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 })
        .ThenBy(pod => pod.IsReady() ? 1 : 0)
        .ThenBy(Cost)
        .ThenByDescending(pod => pod.IsReady() ? pod.Condition("Ready")!.LastTransitionTime : null)
        .ThenByDescending(pod => pod.Status?.ContainerStatuses?.Select(container => container.RestartCount).DefaultIfEmpty().Max() ?? 0)
        .ThenByDescending(pod => pod.Metadata.CreationTimestamp)
        .ThenByDescending(pod => pod.Metadata.Name, StringComparer.Ordinal);

    private static int Cost(V1Pod pod) =>
        pod.Metadata.Annotations?.TryGetValue(DeletionCost, out var text) == true && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0;
}
