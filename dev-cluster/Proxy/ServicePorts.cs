using System.Net;
using k8s.Models;

namespace Slipway.DevCluster.Proxy;

/// <summary>Which addresses Services want, and which ready pods are behind each.</summary>
internal static class ServicePorts
{
    private const string ServiceName = "kubernetes.io/service-name";

    public static IReadOnlyDictionary<IPEndPoint, IPEndPoint[]> Build(IEnumerable<V1Service> services, IEnumerable<V1EndpointSlice> slices)
    {
        var byService = slices.ToLookup(slice => (slice.Metadata.NamespaceProperty, slice.Metadata.Labels?.TryGetValue(ServiceName, out var name) == true ? name : ""));
        var result = new Dictionary<IPEndPoint, IPEndPoint[]>();
        foreach (var service in services.Where(service => IPAddress.TryParse(service.Spec.ClusterIP, out _)))
        {
            foreach (var port in (service.Spec.Ports ?? []).Where(port => port.Protocol is null or "TCP"))
            {
                result[new(IPAddress.Parse(service.Spec.ClusterIP), port.Port)] =
                    [.. byService[(service.Metadata.NamespaceProperty, service.Metadata.Name)].SelectMany(slice => Targets(slice, port.Name ?? ""))];
            }
        }

        return result;
    }

    private static IEnumerable<IPEndPoint> Targets(V1EndpointSlice slice, string port)
    {
        var number = slice.Ports?.FirstOrDefault(known => (known.Name ?? "") == port)?.Port;
        return number is null
            ? []
            : (slice.Endpoints ?? []).Where(endpoint => endpoint.Conditions?.Ready != false).SelectMany(endpoint => endpoint.Addresses).Select(address => new IPEndPoint(IPAddress.Parse(address), number.Value));
    }
}
