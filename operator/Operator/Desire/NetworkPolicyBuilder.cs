using System.Text.Json.Nodes;
using k8s.Models;
using Slipway.Api;
using Slipway.Api.Validation;

namespace Slipway.Operator.Desire;

/// <summary>Who may reach the pods of a model, and what they may reach. Kubelets, and with them probes, are never kept out.</summary>
internal static class NetworkPolicyBuilder
{
    private const int DnsPort = 53;

    /// <summary>Null means the object is not wanted.</summary>
    public static V1NetworkPolicy? Build(DesireContext context) => context.Model.Spec.NetworkPolicy is not { Enabled: true } policy ? null : new()
    {
        ApiVersion = "networking.k8s.io/v1",
        Kind = V1NetworkPolicy.KubeKind,
        Metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name),
        Spec = new()
        {
            PodSelector = Pods(context),
            PolicyTypes = ["Ingress", "Egress"],
            Ingress = [.. Ingress(context, policy)],
            Egress = [.. Egress(context, policy)],
        },
    };

    private static IEnumerable<V1NetworkPolicyIngressRule> Ingress(DesireContext context, NetworkPolicySpec policy)
    {
        // A rule without peers would let everybody in.
        if (policy.From.Count > 0)
        {
            yield return new() { FromProperty = [.. Read<V1NetworkPolicyPeer>(policy.From)], Ports = [Tcp(ServerContract.HttpPort), Tcp(ServerContract.GrpcPort)] };
        }

        List<V1NetworkPolicyPeer> readers = [.. Operator(context), .. Read<V1NetworkPolicyPeer>(policy.MonitoringFrom)];
        if (readers.Count > 0)
        {
            yield return new() { FromProperty = readers, Ports = [Tcp(ServerContract.ManagementPort)] };
        }

        yield return new() { FromProperty = [new() { PodSelector = Pods(context) }], Ports = [Tcp(ServerContract.HandoverPort)] };
    }

    private static IEnumerable<V1NetworkPolicyEgressRule> Egress(DesireContext context, NetworkPolicySpec policy)
    {
        yield return new() { Ports = [new() { Protocol = "UDP", Port = DnsPort }, Tcp(DnsPort)] };
        yield return new() { To = [new() { PodSelector = Pods(context) }] };
        foreach (var rule in policy.Egress.Count > 0 ? Read<V1NetworkPolicyEgressRule>(policy.Egress) : [Store(context.Model.Spec)])
        {
            yield return rule;
        }
    }

    /// <summary>Any address: a NetworkPolicy cannot name a host.</summary>
    private static V1NetworkPolicyEgressRule Store(ModelDeploymentSpec spec) =>
        new() { Ports = [.. StoreAddress.Ports(spec).Prepend(StoreAddress.StandardPort).Distinct().Select(Tcp)] };

    private static IEnumerable<V1NetworkPolicyPeer> Operator(DesireContext context) => context.OperatorNamespace.Length == 0 ? [] :
    [
        new() { NamespaceSelector = new() { MatchLabels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = context.OperatorNamespace } } },
    ];

    /// <summary>All pods of the model, whatever their role.</summary>
    private static V1LabelSelector Pods(DesireContext context) =>
        new() { MatchLabels = new Dictionary<string, string> { [Names.ModelLabel] = context.Model.Metadata.Name } };

    private static V1NetworkPolicyPort Tcp(int port) => new() { Protocol = "TCP", Port = port };

    private static IEnumerable<T> Read<T>(IEnumerable<JsonObject> items)
        where T : class => items.Select(item => PassedThrough.Read<T>(item, "spec.networkPolicy", out _)).OfType<T>();
}
