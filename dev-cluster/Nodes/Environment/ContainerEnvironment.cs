using System.Text;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Environment;

/// <summary>A container's whole environment: the image's, the Services', the pod's own, in the order in which later ones win.</summary>
internal sealed class ContainerEnvironment(V1Pod pod, string podAddress, INodeObjects objects, Uri? apiServer)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <exception cref="ConfigurationException">A ConfigMap, Secret or key that is not optional is missing.</exception>
    public IReadOnlyDictionary<string, string> Build(V1Container container, Image image)
    {
        var result = new Dictionary<string, string>
        {
            ["PATH"] = DefaultPath,
            ["HOSTNAME"] = pod.Spec.Hostname ?? pod.Metadata.Name,
            ["HOME"] = "/root",
        };
        Merge(result, image.Environment);
        Merge(result, image.AddressVariables.Select(name => new KeyValuePair<string, string>(name, podAddress)));
        Merge(result, ServiceVariables.Of(pod, objects.Services(), apiServer));
        foreach (var source in container.EnvFrom ?? [])
        {
            Merge(result, From(source).Select(pair => new KeyValuePair<string, string>(source.Prefix + pair.Key, pair.Value)));
        }

        foreach (var variable in container.Env ?? [])
        {
            if (Value(container, variable, result) is { } value)
            {
                result[variable.Name] = value;
            }
        }

        return result;
    }

    private static void Merge(Dictionary<string, string> into, IEnumerable<KeyValuePair<string, string>> from)
    {
        foreach (var (name, value) in from)
        {
            into[name] = value;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> From(V1EnvFromSource source)
    {
        if (source.ConfigMapRef is { } map)
        {
            return objects.ConfigMap(pod.Metadata.NamespaceProperty, map.Name)?.Data
                ?? Missing<IDictionary<string, string>>(map.Optional, $"configmap \"{map.Name}\" not found") ?? new Dictionary<string, string>();
        }

        var name = source.SecretRef.Name;
        var secret = objects.Secret(pod.Metadata.NamespaceProperty, name) ?? Missing<V1Secret>(source.SecretRef.Optional, $"secret \"{name}\" not found");
        return (secret?.Data ?? new Dictionary<string, byte[]>()).Select(pair => new KeyValuePair<string, string>(pair.Key, Encoding.UTF8.GetString(pair.Value)));
    }

    /// <summary>Null means that an optional source is missing, and so is the variable.</summary>
    private string? Value(V1Container container, V1EnvVar variable, Dictionary<string, string> known) => variable.ValueFrom switch
    {
        null => VariableExpansion.Expand(variable.Value ?? "", known),
        { FieldRef: { } field } => DownwardFields.Read(pod, podAddress, field.FieldPath)
            ?? throw new ConfigurationException($"the field \"{field.FieldPath}\" of variable \"{variable.Name}\" cannot be read"),
        { ResourceFieldRef: { } resource } => DownwardFields.Resource(container, resource)
            ?? throw new ConfigurationException($"the resource \"{resource.Resource}\" of variable \"{variable.Name}\" cannot be read"),
        { ConfigMapKeyRef: { } key } => ConfigMapKey(key),
        { SecretKeyRef: { } key } => SecretKey(key),
        _ => throw new ConfigurationException($"variable \"{variable.Name}\" has a source that dev-cluster does not offer"),
    };

    private string? ConfigMapKey(V1ConfigMapKeySelector key)
    {
        var map = objects.ConfigMap(pod.Metadata.NamespaceProperty, key.Name) ?? Missing<V1ConfigMap>(key.Optional, $"configmap \"{key.Name}\" not found");
        return map is null ? null
            : map.Data is not null && map.Data.TryGetValue(key.Key, out var value) ? value
            : Missing<string>(key.Optional, $"couldn't find key {key.Key} in ConfigMap {pod.Metadata.NamespaceProperty}/{key.Name}");
    }

    private string? SecretKey(V1SecretKeySelector key)
    {
        var secret = objects.Secret(pod.Metadata.NamespaceProperty, key.Name) ?? Missing<V1Secret>(key.Optional, $"secret \"{key.Name}\" not found");
        return secret is null ? null
            : secret.Data is not null && secret.Data.TryGetValue(key.Key, out var value) ? Encoding.UTF8.GetString(value)
            : Missing<string>(key.Optional, $"couldn't find key {key.Key} in Secret {pod.Metadata.NamespaceProperty}/{key.Name}");
    }

    private static T? Missing<T>(bool? optional, string message)
        where T : class =>
        optional == true ? null : throw new ConfigurationException(message);
}
