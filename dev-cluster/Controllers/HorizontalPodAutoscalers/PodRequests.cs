using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What pods request of a resource, which their use is compared with.</summary>
internal static class PodRequests
{
    private const int Thousandths = 1000;

    /// <summary>In thousandths, by the pods' names.</summary>
    /// <param name="pods">The pods.</param>
    /// <param name="resource"><c>cpu</c> or <c>memory</c>.</param>
    /// <param name="container">The one container that counts; null for all.</param>
    /// <exception cref="MetricUnavailableException">A container states no request.</exception>
    public static IReadOnlyDictionary<string, long> Of(IReadOnlyList<V1Pod> pods, string resource, string? container) =>
        pods.ToDictionary(pod => pod.Metadata.Name, pod => Containers(pod, container).Sum(one => Of(pod, one, resource)));

    /// <summary>Init containers that stay run beside the others, and count with them.</summary>
    private static IEnumerable<V1Container> Containers(V1Pod pod, string? container) =>
        pod.Spec.Containers.Concat((pod.Spec.InitContainers ?? []).Where(init => init.RestartPolicy == "Always")).Where(one => container is null || one.Name == container);

    private static long Of(V1Pod pod, V1Container container, string resource) => container.Resources?.Requests?.TryGetValue(resource, out var request) == true
        ? (long)Math.Ceiling(request.ToDecimal() * Thousandths)
        : throw new MetricUnavailableException($"missing request for {resource} in container {container.Name} of Pod {pod.Metadata.Name}");
}
