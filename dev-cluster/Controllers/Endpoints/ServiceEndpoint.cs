using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>One pod behind a Service, with the ports as they are in this pod.</summary>
internal sealed record ServiceEndpoint(V1Pod Pod, bool Ready, bool Serving, bool Terminating, IReadOnlyList<Discoveryv1EndpointPort> Ports)
{
    /// <summary>Endpoints with equal text share a slice.</summary>
    public string PortsKey => string.Join(';', Ports.Select(port => $"{port.Name}/{port.Protocol}/{port.Port}"));

    /// <summary>The pods behind a Service that have an address, in the order of their names.</summary>
    public static IReadOnlyList<ServiceEndpoint> Of(V1Service service, IEnumerable<V1Pod> pods) =>
    [
        .. pods
            .Where(pod => pod.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty && service.Spec.Selector.Matches(pod.Metadata.Labels))
            .Where(pod => !string.IsNullOrEmpty(pod.Status?.PodIP) && !pod.IsFinished())
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => New(service, pod)),
    ];

    private static ServiceEndpoint New(V1Service service, V1Pod pod)
    {
        var serving = service.Spec.PublishNotReadyAddresses == true || pod.IsReady();
        return new(pod, serving && (service.Spec.PublishNotReadyAddresses == true || !pod.IsTerminating()), serving, pod.IsTerminating(), [.. Resolve(service, pod)]);
    }

    private static IEnumerable<Discoveryv1EndpointPort> Resolve(V1Service service, V1Pod pod)
    {
        foreach (var port in service.Spec.Ports ?? [])
        {
            var target = port.TargetPort?.Value ?? port.Port.ToString(CultureInfo.InvariantCulture);
            var number = int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                ? given
                : pod.Spec.Containers.SelectMany(container => container.Ports ?? []).FirstOrDefault(known => known.Name == target && (known.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.ContainerPort;
            // A pod without a port of that name does not offer this port.
            if (number is { } found)
            {
                yield return new() { Name = port.Name ?? "", Protocol = port.Protocol ?? "TCP", Port = found, AppProtocol = port.AppProtocol };
            }
        }
    }
}
