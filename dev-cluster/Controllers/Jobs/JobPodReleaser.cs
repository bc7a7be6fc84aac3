using System.Text.Json;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>Lets pods go whose Job is gone, or has let go of them: nobody counts them any more.</summary>
internal sealed class JobPodReleaser(IKubernetes api, IObjectStore<V1Job> jobs) : IEntityController<V1Pod>
{
    public async Task<Result> ReconcileAsync(V1Pod entity, CancellationToken cancellationToken)
    {
        var owner = entity.ControllerReference();
        var job = owner is { Kind: "Job" } ? jobs.Get(new(entity.Metadata.NamespaceProperty, owner.Name)) : null;
        if (entity.IsTracked() && (job is null || job.Metadata.Uid != owner!.Uid || job.Metadata.DeletionTimestamp is not null))
        {
            await ReleaseAsync(api, entity, cancellationToken);
        }

        return Result.Done;
    }

    /// <summary>Takes the finalizer off exactly this pod.</summary>
    public static Task ReleaseAsync(IKubernetes api, V1Pod pod, CancellationToken cancellationToken)
    {
        var metadata = new { uid = pod.Metadata.Uid, resourceVersion = pod.Metadata.ResourceVersion, finalizers = pod.Metadata.Finalizers.Where(name => name != JobPods.Finalizer) };
        return ApiWrite.UnlessGone(api.CoreV1.PatchNamespacedPodAsync(
            new V1Patch(JsonSerializer.Serialize(new { metadata }), V1Patch.PatchType.MergePatch),
            pod.Metadata.Name,
            pod.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken));
    }
}
