using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Environment;

/// <summary>What a pod may read of itself by <c>fieldRef</c> and <c>resourceFieldRef</c>.</summary>
internal static class DownwardFields
{
    /// <summary>Null means that the path names nothing that is readable.</summary>
    public static string? Read(V1Pod pod, string podAddress, string path) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.NamespaceProperty,
        "metadata.uid" => pod.Metadata.Uid,
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
        "status.podIP" or "status.podIPs" => podAddress,
        "status.hostIP" or "status.hostIPs" => Pods.PodStatusBuilder.HostAddress,
        _ => Keyed(path, "metadata.labels", pod.Metadata.Labels) ?? Keyed(path, "metadata.annotations", pod.Metadata.Annotations),
    };

    /// <summary>A container's request or limit in units of the divisor, rounded up; a limit that is not set is the node's capacity.</summary>
    public static string? Resource(V1Container container, V1ResourceFieldSelector selector)
    {
        var (kind, name) = selector.Resource.Split('.', 2) is [var first, var second] ? (first, second) : ("", "");
        var values = kind switch
        {
            "limits" => container.Resources?.Limits,
            "requests" => container.Resources?.Requests,
            _ => null,
        };
        var quantity = values is not null && values.TryGetValue(name, out var own) ? own
            : kind == "limits" && NodeCapacity.Measure().TryGetValue(name, out var node) ? node
            : new ResourceQuantity("0");
        var divisor = selector.Divisor?.ToDecimal() is > 0 and var given ? given : 1;
        return kind.Length == 0 ? null : Math.Ceiling(quantity.ToDecimal() / divisor).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Keyed(string path, string field, IDictionary<string, string>? values)
    {
        if (!path.StartsWith(field + "['", StringComparison.Ordinal) || !path.EndsWith("']", StringComparison.Ordinal))
        {
            return null;
        }

        return values is not null && values.TryGetValue(path[(field.Length + 2)..^2], out var value) ? value : "";
    }

    private static string Lines(IDictionary<string, string>? values) => string.Join(
        '\n',
        (values ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}=\"{Escape(pair.Value)}\""));

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
