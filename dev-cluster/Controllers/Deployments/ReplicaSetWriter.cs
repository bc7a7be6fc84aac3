using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>Writes a Deployment's ReplicaSets.</summary>
internal sealed class ReplicaSetWriter(IKubernetes api, IEventRecorder events)
{
    public async Task<V1ReplicaSet> CreateAsync(V1Deployment deployment, IReadOnlyList<V1ReplicaSet> old, long revision, CancellationToken cancellationToken)
    {
        var hash = PodTemplates.Hash(deployment.Spec.Template, deployment.Status?.CollisionCount);
        var template = PodTemplates.WithHash(deployment.Spec.Template, hash);
        var selector = KubernetesJson.Deserialize<V1LabelSelector>(KubernetesJson.Serialize(deployment.Spec.Selector));
        selector.MatchLabels = new Dictionary<string, string>(selector.MatchLabels ?? new Dictionary<string, string>()) { [PodTemplates.HashLabel] = hash };
        var set = await ApiWrite.Of(api.AppsV1.CreateNamespacedReplicaSetAsync(
            new()
            {
                ApiVersion = "apps/v1",
                Kind = "ReplicaSet",
                Metadata = new()
                {
                    Name = $"{deployment.Metadata.Name}-{hash}",
                    Labels = template.Metadata.Labels,
                    Annotations = Revisions.Annotations(deployment, null, revision),
                    OwnerReferences = [Owner.Reference(deployment)],
                },
                Spec = new()
                {
                    Replicas = RolloutPlan.NewSize(deployment, null, old),
                    MinReadySeconds = deployment.Spec.MinReadySeconds,
                    Selector = selector,
                    Template = template,
                },
            },
            deployment.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken));
        if (set.Spec.Replicas > 0)
        {
            events.Normal(deployment, "ScalingReplicaSet", $"Scaled up replica set {set.Metadata.Name} from 0 to {set.Spec.Replicas}");
        }

        return set;
    }

    /// <summary>Sizes a ReplicaSet and notes the Deployment's own size on it; writes nothing when all of it is so already.</summary>
    public async Task<V1ReplicaSet> ScaleAsync(V1Deployment deployment, V1ReplicaSet set, int size, CancellationToken cancellationToken)
    {
        var before = set.Spec.Replicas ?? 1;
        var next = await UpdateAsync(set, Revisions.WithSizes(deployment, set.Metadata.Annotations), size, set.Spec.MinReadySeconds, cancellationToken);
        if (before != size)
        {
            events.Normal(deployment, "ScalingReplicaSet", $"Scaled {(size > before ? "up" : "down")} replica set {set.Metadata.Name} from {before} to {size}");
        }

        return next;
    }

    public async Task<V1ReplicaSet> UpdateAsync(
        V1ReplicaSet set, IDictionary<string, string> annotations, int size, int? minReadySeconds, CancellationToken cancellationToken)
    {
        if (size == set.Spec.Replicas && (minReadySeconds ?? 0) == (set.Spec.MinReadySeconds ?? 0) && Revisions.Same(annotations, set.Metadata.Annotations))
        {
            return set;
        }

        var copy = KubernetesJson.Deserialize<V1ReplicaSet>(KubernetesJson.Serialize(set));
        copy.Metadata.Annotations = annotations;
        copy.Spec.Replicas = size;
        copy.Spec.MinReadySeconds = minReadySeconds;
        return await ApiWrite.Of(api.AppsV1.ReplaceNamespacedReplicaSetAsync(
            copy, set.Metadata.Name, set.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
    }

    public Task<V1ReplicaSet> PatchAsync(V1ReplicaSet set, V1Patch patch, CancellationToken cancellationToken) => ApiWrite.Of(
        api.AppsV1.PatchNamespacedReplicaSetAsync(patch, set.Metadata.Name, set.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));

    public Task DeleteAsync(V1ReplicaSet set, CancellationToken cancellationToken) => ApiWrite.UnlessGone(
        api.AppsV1.DeleteNamespacedReplicaSetAsync(
            set.Metadata.Name,
            set.Metadata.NamespaceProperty,
            new V1DeleteOptions { Preconditions = new() { Uid = set.Metadata.Uid }, PropagationPolicy = "Background" },
            cancellationToken: cancellationToken));
}
