using System.Text;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>A pod's <c>/etc/hosts</c>: itself, and every Service with an address by the names that cluster DNS would know.</summary>
internal static class HostsFile
{
    public static string Build(V1Pod pod, string podAddress, IReadOnlyList<V1Service> services)
    {
        var text = new StringBuilder("127.0.0.1\tlocalhost\n");
        text.Append(podAddress).Append('\t').Append(pod.Spec.Hostname ?? pod.Metadata.Name).Append('\n');
        foreach (var service in services.Where(service => service.Spec.ClusterIP is not (null or "" or "None")).OrderBy(service => service.Metadata.NamespaceProperty, StringComparer.Ordinal).ThenBy(service => service.Metadata.Name, StringComparer.Ordinal))
        {
            var full = $"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}";
            text.Append(service.Spec.ClusterIP).Append('\t').Append($"{full}.svc.cluster.local {full}.svc {full}");
            if (service.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty)
            {
                text.Append(' ').Append(service.Metadata.Name);
            }

            text.Append('\n');
        }

        foreach (var alias in pod.Spec.HostAliases ?? [])
        {
            text.Append(alias.Ip).Append('\t').AppendJoin(' ', alias.Hostnames ?? []).Append('\n');
        }

        return text.ToString();
    }
}
