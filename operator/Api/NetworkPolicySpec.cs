using System.ComponentModel;
using System.Text.Json.Nodes;
using Slipway.Api.Crd;

namespace Slipway.Api;

/// <summary>Who may reach the pods, and what they may reach.</summary>
public sealed record NetworkPolicySpec
{
    [Description("Whether a NetworkPolicy is made. The cluster's network plugin has to enforce it.")]
    public bool Enabled { get; init; }

    [Description(
        "Peers that may send requests, to 8080 (REST) and 8081 (gRPC), as in networking.k8s.io/v1: podSelector, namespaceSelector, ipBlock. Empty: nobody, "
        + "so that the model answers no one but its own pods.")]
    [MaxItems(64)]
    public IReadOnlyList<JsonObject> From { get; init; } = [];

    [Description("Peers that may read metrics on 8082, besides the operator's own namespace: where Prometheus runs.")]
    [MaxItems(64)]
    public IReadOnlyList<JsonObject> MonitoringFrom { get; init; } = [];

    [Description(
        "Egress rules of networking.k8s.io/v1, besides DNS and the model's own pods, which are always allowed. Empty: any address on 443, and on the port of the "
        + "store where spec.model.uri or an endpoint in podTemplate's env tells another; a NetworkPolicy cannot name a host. A store on another port, or the metadata server that workload identity asks, needs its rule.")]
    [MaxItems(64)]
    public IReadOnlyList<JsonObject> Egress { get; init; } = [];
}
