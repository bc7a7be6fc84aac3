using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers;

/// <summary>Makes the pods of one controller's objects and deletes them.</summary>
internal sealed class PodWriter(IKubernetes api, IEventRecorder events, TimeProvider clock)
{
    /// <summary>Pods that one pass makes or deletes at most.</summary>
    public const int Burst = 500;

    /// <summary>When to look again whether own writes show in the cache.</summary>
    public static readonly TimeSpan ExpectationCheck = TimeSpan.FromSeconds(5);

    private readonly PodExpectations _expectations = new(clock);

    /// <summary>True when every own write for the owner shows in the namespace's cached pods.</summary>
    public bool IsShown(IKubernetesObject<V1ObjectMeta> owner, IReadOnlyList<V1Pod> pods) => _expectations.Fulfilled(owner.Metadata.Uid, pods);

    /// <param name="finalizers">All that the pod gets; null for none.</param>
    public async Task CreateAsync(
        IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template, IList<string>? finalizers, CancellationToken cancellationToken)
    {
        var pod = await api.CoreV1.CreateNamespacedPodAsync(
            new()
            {
                ApiVersion = "v1",
                Kind = "Pod",
                Metadata = new()
                {
                    GenerateName = $"{owner.Metadata.Name}-",
                    Labels = template.Metadata?.Labels,
                    Annotations = template.Metadata?.Annotations,
                    Finalizers = finalizers,
                    OwnerReferences = [Owner.Reference(owner)],
                },
                Spec = template.Spec,
            },
            owner.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken);
        _expectations.Created(owner.Metadata.Uid, pod.Metadata.Uid);
        events.Normal(owner, "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
    }

    public async Task DeleteAsync(IKubernetesObject<V1ObjectMeta> owner, V1Pod pod, CancellationToken cancellationToken)
    {
        await ApiWrite.UnlessGone(api.CoreV1.DeleteNamespacedPodAsync(
            pod.Metadata.Name,
            pod.Metadata.NamespaceProperty,
            new V1DeleteOptions { Preconditions = new() { Uid = pod.Metadata.Uid } },
            cancellationToken: cancellationToken));
        _expectations.Deleted(owner.Metadata.Uid, pod.Metadata.Uid);
        events.Normal(owner, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
    }
}
