using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Environment;

/// <summary>The environment variables by which pods find the Services that existed when they started.</summary>
internal static class ServiceVariables
{
    public static IEnumerable<KeyValuePair<string, string>> Of(V1Pod pod, IReadOnlyList<V1Service> services, Uri? apiServer)
    {
        if (apiServer is not null)
        {
            yield return new("KUBERNETES_SERVICE_HOST", apiServer.Host);
            yield return new("KUBERNETES_SERVICE_PORT", apiServer.Port.ToString(CultureInfo.InvariantCulture));
            yield return new("KUBERNETES_SERVICE_PORT_HTTPS", apiServer.Port.ToString(CultureInfo.InvariantCulture));
        }

        if (pod.Spec.EnableServiceLinks == false)
        {
            yield break;
        }

        foreach (var service in services.Where(service => service.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty && service.Spec.ClusterIP is not (null or "" or "None")))
        {
            foreach (var variable in Links(Name(service.Metadata.Name), service.Spec))
            {
                yield return variable;
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Links(string name, V1ServiceSpec spec)
    {
        yield return new($"{name}_SERVICE_HOST", spec.ClusterIP);
        for (var index = 0; index < spec.Ports?.Count; index++)
        {
            var port = spec.Ports[index];
            var number = port.Port.ToString(CultureInfo.InvariantCulture);
            var protocol = port.Protocol ?? "TCP";
            var link = $"{name}_PORT_{number}_{protocol}";
            var address = $"{protocol.ToLowerInvariant()}://{spec.ClusterIP}:{number}";
            if (index == 0)
            {
                yield return new($"{name}_SERVICE_PORT", number);
                yield return new($"{name}_PORT", address);
            }

            if (!string.IsNullOrEmpty(port.Name))
            {
                yield return new($"{name}_SERVICE_PORT_{Name(port.Name)}", number);
            }

            yield return new(link, address);
            yield return new($"{link}_PROTO", protocol.ToLowerInvariant());
            yield return new($"{link}_PORT", number);
            yield return new($"{link}_ADDR", spec.ClusterIP);
        }
    }

    private static string Name(string name) => name.ToUpperInvariant().Replace('-', '_');
}
