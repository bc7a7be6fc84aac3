using System.Text.Json.Nodes;
using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of the kinds that say where traffic goes.</summary>
internal static class NetworkColumns
{
    public static IReadOnlyList<TableColumn> Service { get; } =
    [
        ObjectName,
        Text("Type", "How the service is reached.", o => o.TextAt("spec.type")),
        Text("Cluster-IP", "Address inside the cluster.", o => o.TextsAt("spec.clusterIPs").FirstOrDefault("").OrNone()),
        Text("External-IP", "Address or name outside the cluster.", ExternalAddress),
        Text("Port(s)", "Ports that the service takes.", o => string.Join(',', o.ListAt("spec.ports").Select(Port)).OrNone()),
        ObjectAge,
        Text("Selector", "Labels of the pods behind the service.", o => Fields.Labels(o.At("spec.selector"))).Wide(),
    ];

    public static IReadOnlyList<TableColumn> Endpoints { get; } =
    [
        ObjectName,
        Text("Endpoints", "Ready addresses with ports.", o => Fields.FirstThree([.. o.ListAt("subsets").SelectMany(Addresses)], Fields.None)),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> EndpointSlice { get; } =
    [
        ObjectName,
        Text("AddressType", "IPv4, IPv6 or FQDN.", o => o.TextAt("addressType")),
        Text("Ports", "Ports of each endpoint.", o => Fields.FirstThree([.. o.ListAt("ports").Select(port => port.At("port")?.ToString() ?? "*")], "<unset>")),
        Text("Endpoints", "Addresses.", o => Fields.FirstThree([.. o.ListAt("endpoints").SelectMany(e => e.TextsAt("addresses"))], "<unset>")),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> NetworkPolicy { get; } =
        [ObjectName, Text("Pod-Selector", "Pods that the policy is about.", o => Fields.Selector(o.At("spec.podSelector"))), ObjectAge];

    private static JsonNode ExternalAddress(JsonObject service)
    {
        string[] given = [.. service.TextsAt("spec.externalIPs")];
        switch (service.TextAt("spec.type"))
        {
            case "ExternalName":
                return service.TextAt("spec.externalName");
            case "LoadBalancer":
                IEnumerable<string> ingress = service.ListAt("status.loadBalancer.ingress")
                    .Select(point => point.TextAt("ip") is { Length: > 0 } ip ? ip : point.TextAt("hostname"));
                string all = string.Join(',', ingress.Concat(given));
                return all.Length == 0 ? "<pending>" : all;
            default:
                return string.Join(',', given).OrNone();
        }
    }

    private static string Port(JsonObject port)
    {
        string node = port.NumberAt("nodePort") is > 0 and var number ? $":{number}" : "";
        return $"{port.TextAt("port")}{node}/{port.TextAt("protocol")}";
    }

    private static IEnumerable<string> Addresses(JsonObject subset)
    {
        string[] ports = [.. subset.ListAt("ports").Select(port => port.TextAt("port"))];
        return ports.Length == 0
            ? subset.ListAt("addresses").Select(address => address.TextAt("ip"))
            : ports.SelectMany(port => subset.ListAt("addresses").Select(address => $"{address.TextAt("ip")}:{port}"));
    }
}
