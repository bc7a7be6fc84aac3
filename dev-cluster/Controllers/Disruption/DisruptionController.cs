using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Disruption;

/// <summary>Keeps the status of PodDisruptionBudgets, by which evictions are allowed or refused.</summary>
internal sealed class DisruptionController(
    IKubernetes api, IObjectStore<V1Pod> pods, IObjectStore<V1ReplicaSet> sets, IObjectStore<V1Deployment> deployments, TimeProvider clock) : IEntityController<V1PodDisruptionBudget>
{
    public async Task<Result> ReconcileAsync(V1PodDisruptionBudget entity, CancellationToken cancellationToken)
    {
        var matching = pods.List()
            .Where(pod => pod.Metadata.NamespaceProperty == entity.Metadata.NamespaceProperty && entity.Spec.Selector.Matches(pod.Metadata.Labels) && !pod.IsFinished())
            .ToList();
        var status = DisruptionStatusBuilder.Build(entity, matching, Expected(matching), clock.GetUtcNow().UtcDateTime);
        if (!Json.Same(status, entity.Status))
        {
            await ApiWrite.Of(api.PolicyV1.ReplaceNamespacedPodDisruptionBudgetStatusAsync(
                new() { ApiVersion = entity.ApiVersion, Kind = entity.Kind, Metadata = entity.Metadata, Spec = entity.Spec, Status = status },
                entity.Metadata.Name,
                entity.Metadata.NamespaceProperty,
                fieldManager: ApiWrite.Controllers,
                cancellationToken: cancellationToken));
        }

        return Result.Done;
    }

    /// <summary>The sizes of the Deployments and ReplicaSets that the pods belong to, each counted once.</summary>
    private int Expected(List<V1Pod> matching) => matching
        .Select(pod => pod.ControllerReference() is { Kind: "ReplicaSet" } owner ? sets.Get(new(pod.Metadata.NamespaceProperty, owner.Name)) : null)
        .OfType<V1ReplicaSet>()
        .Select(set => set.ControllerReference() is { Kind: "Deployment" } owner && deployments.Get(new(set.Metadata.NamespaceProperty, owner.Name)) is { } deployment
            ? (deployment.Metadata.Uid, Size: deployment.Spec.Replicas ?? 1)
            : (set.Metadata.Uid, Size: set.Spec.Replicas ?? 1))
        .DistinctBy(scale => scale.Uid)
        .Sum(scale => scale.Size);
}
