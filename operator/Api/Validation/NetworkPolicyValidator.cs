using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Api.Validation;

/// <summary>The rules of <c>spec.networkPolicy</c>.</summary>
internal static class NetworkPolicyValidator
{
    private const string Path = "spec.networkPolicy";

    public static IEnumerable<FieldError> Validate(NetworkPolicySpec? policy) => policy is null
        ? []
        : [.. Peers($"{Path}.from", policy.From), .. Peers($"{Path}.monitoringFrom", policy.MonitoringFrom), .. List<V1NetworkPolicyEgressRule>($"{Path}.egress", policy.Egress)];

    private static IEnumerable<FieldError> Peers(string path, IReadOnlyList<JsonObject> peers) => List<V1NetworkPolicyPeer>(path, peers).Concat(
        peers.Index()
            // A peer that selects nothing would be refused with the whole policy; one with both kinds of selection too.
            .Where(peer => peer.Item.ContainsKey("ipBlock") == (peer.Item.ContainsKey("podSelector") || peer.Item.ContainsKey("namespaceSelector")))
            .Select(peer => new FieldError($"{path}[{peer.Index}]", "needs either ipBlock, or podSelector, namespaceSelector or both of these.")));

    private static IEnumerable<FieldError> List<T>(string path, IReadOnlyList<JsonObject> items)
        where T : class
    {
        if (items.Count > 64)
        {
            yield return new(path, $"has {items.Count} entries; at most 64 are taken.");
        }

        for (var i = 0; i < items.Count; i++)
        {
            PassedThrough.Read<T>(items[i], $"{path}[{i}]", out var error);
            if (error is { } found)
            {
                yield return found;
            }
        }
    }
}
