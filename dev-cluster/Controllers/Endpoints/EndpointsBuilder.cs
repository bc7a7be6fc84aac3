using k8s.Models;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>The old form of the same: one Endpoints object for a Service, without pods that are on their way out.</summary>
internal static class EndpointsBuilder
{
    public const string ManagedBy = "endpoints.kubernetes.io/managed-by";
    public const string Manager = "endpoint-controller";

    public static V1Endpoints Build(V1Service service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>()) { [ManagedBy] = Manager };
        if (service.Spec.ClusterIP == "None")
        {
            labels[SliceBuilder.Headless] = "";
        }

        var subsets = endpoints.Where(endpoint => !endpoint.Terminating || endpoint.Ready).GroupBy(endpoint => endpoint.PortsKey).Select(Subset).ToList();
        return new()
        {
            ApiVersion = "v1",
            Kind = "Endpoints",
            Metadata = new() { Name = service.Metadata.Name, NamespaceProperty = service.Metadata.NamespaceProperty, Labels = labels },
            Subsets = subsets.Count == 0 ? null : subsets,
        };
    }

    private static V1EndpointSubset Subset(IGrouping<string, ServiceEndpoint> same) => new()
    {
        Addresses = Addresses(same.Where(endpoint => endpoint.Ready)),
        NotReadyAddresses = Addresses(same.Where(endpoint => !endpoint.Ready)),
        Ports = [.. same.First().Ports.Select(port => new Corev1EndpointPort { Name = port.Name is { Length: > 0 } name ? name : null, Port = port.Port ?? 0, Protocol = port.Protocol, AppProtocol = port.AppProtocol })],
    };

    private static List<V1EndpointAddress>? Addresses(IEnumerable<ServiceEndpoint> endpoints)
    {
        var addresses = endpoints.Select(endpoint => new V1EndpointAddress
        {
            Ip = endpoint.Pod.Status.PodIP,
            Hostname = endpoint.Pod.Spec.Hostname,
            NodeName = endpoint.Pod.Spec.NodeName,
            TargetRef = new() { Kind = "Pod", Name = endpoint.Pod.Metadata.Name, NamespaceProperty = endpoint.Pod.Metadata.NamespaceProperty, Uid = endpoint.Pod.Metadata.Uid },
        }).ToList();
        return addresses.Count == 0 ? null : addresses;
    }
}
