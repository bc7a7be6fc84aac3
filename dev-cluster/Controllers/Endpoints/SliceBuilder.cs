using k8s.Models;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>The EndpointSlices that a Service should have, without names.</summary>
internal static class SliceBuilder
{
    public const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    public const string Manager = "endpointslice-controller.k8s.io";
    public const string ServiceName = "kubernetes.io/service-name";
    public const string Headless = "service.kubernetes.io/headless";
    private const int MaxEndpoints = 100;

    /// <summary>One slice for each set of ports and hundred pods; one without endpoints when there are none.</summary>
    public static IReadOnlyList<V1EndpointSlice> Build(V1Service service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var slices = endpoints
            .GroupBy(endpoint => endpoint.PortsKey)
            .SelectMany(group => group.Chunk(MaxEndpoints))
            .Select(chunk => New(service, [.. chunk.Select(Endpoint)], [.. chunk[0].Ports]))
            .ToList();
        return slices.Count > 0 ? slices : [New(service, null, null)];
    }

    private static V1EndpointSlice New(V1Service service, IList<V1Endpoint>? endpoints, IList<Discoveryv1EndpointPort>? ports)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>())
        {
            [ManagedBy] = Manager,
            [ServiceName] = service.Metadata.Name,
        };
        if (service.Spec.ClusterIP == "None")
        {
            labels[Headless] = "";
        }

        return new()
        {
            ApiVersion = "discovery.k8s.io/v1",
            Kind = "EndpointSlice",
            Metadata = new() { GenerateName = $"{service.Metadata.Name}-", Labels = labels, OwnerReferences = [Owner.Reference(service)] },
            AddressType = "IPv4",
            Endpoints = endpoints,
            Ports = ports,
        };
    }

    private static V1Endpoint Endpoint(ServiceEndpoint endpoint) => new()
    {
        Addresses = [endpoint.Pod.Status.PodIP],
        Conditions = new() { Ready = endpoint.Ready, Serving = endpoint.Serving, Terminating = endpoint.Terminating },
        Hostname = endpoint.Pod.Spec.Hostname,
        NodeName = endpoint.Pod.Spec.NodeName,
        TargetRef = new() { Kind = "Pod", Name = endpoint.Pod.Metadata.Name, NamespaceProperty = endpoint.Pod.Metadata.NamespaceProperty, Uid = endpoint.Pod.Metadata.Uid },
    };
}
