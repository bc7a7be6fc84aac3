using System.Net;
using k8s;
using k8s.Models;
using Slipway.DevCluster.Controllers;

namespace Slipway.Benchmarks.Fleet;

/// <summary>Does what Kubernetes' controllers and a kubelet would: gives each Deployment of a fleet its ReplicaSet and one ready pod.</summary>
internal static class FleetPods
{
    /// <param name="address">Of a model's pod.</param>
    public static Task CreateAsync(Kubernetes client, int models, Func<int, IPAddress> address, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(Enumerable.Range(0, models), cancellationToken, async (number, token) =>
        {
            var deployment = await client.AppsV1.ReadNamespacedDeploymentAsync(FleetApi.Name(number), FleetApi.Namespace, cancellationToken: token);
            var template = deployment.Spec.Template;
            var set = await client.AppsV1.CreateNamespacedReplicaSetAsync(
                new() { Metadata = Child(deployment, template), Spec = new() { Replicas = 1, Selector = deployment.Spec.Selector, Template = template } },
                FleetApi.Namespace,
                cancellationToken: token);
            var pod = await client.CoreV1.CreateNamespacedPodAsync(new() { Metadata = Child(set, template), Spec = template.Spec }, FleetApi.Namespace, cancellationToken: token);
            pod.Status = Ready(pod, address(number));
            await client.CoreV1.ReplaceNamespacedPodStatusAsync(pod, pod.Metadata.Name, FleetApi.Namespace, cancellationToken: token);
            deployment.Status = new()
            {
                ObservedGeneration = deployment.Metadata.Generation,
                Replicas = 1,
                UpdatedReplicas = 1,
                ReadyReplicas = 1,
                AvailableReplicas = 1,
                Conditions = [new() { Type = "Progressing", Status = "True", Reason = "NewReplicaSetAvailable" }],
            };
            await client.AppsV1.ReplaceNamespacedDeploymentStatusAsync(deployment, deployment.Metadata.Name, FleetApi.Namespace, cancellationToken: token);
        });

    private static V1ObjectMeta Child(IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template) => new()
    {
        Name = $"{owner.Metadata.Name}-1",
        Labels = template.Metadata.Labels,
        Annotations = template.Metadata.Annotations,
        OwnerReferences = [Owner.Reference(owner)],
    };

    private static V1PodStatus Ready(V1Pod pod, IPAddress address) => new()
    {
        Phase = "Running",
        PodIP = address.ToString(),
        Conditions = [new() { Type = "Ready", Status = "True" }],
        ContainerStatuses =
        [
            .. pod.Spec.Containers.Select(container => new V1ContainerStatus
            {
                Name = container.Name,
                Image = container.Image,
                ImageID = "",
                Ready = true,
                RestartCount = 0,
                State = new() { Running = new() { StartedAt = TimeProvider.System.GetUtcNow().UtcDateTime } },
            }),
        ],
    };
}
