using k8s.Models;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>What a Job asks of its pods.</summary>
internal static class JobPods
{
    /// <summary>Holds a pod until its end is counted.</summary>
    public const string Finalizer = "batch.kubernetes.io/job-tracking";

    public static bool IsTracked(this V1Pod pod) => pod.Metadata.Finalizers?.Contains(Finalizer) == true;

    public static bool Succeeded(this V1Pod pod) => pod.Status?.Phase == "Succeeded";

    /// <summary>Ended with no success, or on its way out: another one takes its place.</summary>
    public static bool IsLost(this V1Pod pod) => !pod.Succeeded() && (pod.IsTerminating() || pod.IsFinished());

    /// <summary>When the last container ended, or the pod was deleted.</summary>
    public static DateTime FinishedAt(this V1Pod pod, DateTime now) =>
        pod.Status?.ContainerStatuses?.Select(container => container.State?.Terminated?.FinishedAt).Max() ?? pod.Metadata.DeletionTimestamp ?? now;
}
