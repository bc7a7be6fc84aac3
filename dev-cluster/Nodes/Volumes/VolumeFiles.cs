using System.Text;
using k8s.Models;
using Slipway.DevCluster.Nodes.Environment;

namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>The files of a pod's volumes that are made from API objects.</summary>
internal sealed class VolumeFiles(V1Pod pod, string podAddress, INodeObjects objects, PodTokens tokens)
{
    private const int DefaultMode = 0b110_100_100;

    /// <summary>Null means that the volume is not made from API objects.</summary>
    /// <exception cref="VolumeMissingException">An object or key that is not optional is missing.</exception>
    public IReadOnlyList<VolumeFile>? Build(V1Volume volume) => volume switch
    {
        { ConfigMap: { } map } => [.. ConfigMap(map.Name, map.Items, map.Optional, map.DefaultMode)],
        { Secret: { } secret } => [.. Secret(secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode)],
        { DownwardAPI: { } downward } => [.. Downward(downward.Items, downward.DefaultMode)],
        { Projected: { } projected } => [.. (projected.Sources ?? []).SelectMany(source => Projection(source, projected.DefaultMode)).GroupBy(file => file.Path).Select(same => same.Last())],
        _ => null,
    };

    private IEnumerable<VolumeFile> Projection(V1VolumeProjection source, int? mode) => source switch
    {
        { ConfigMap: { } map } => ConfigMap(map.Name, map.Items, map.Optional, mode),
        { Secret: { } secret } => Secret(secret.Name, secret.Items, secret.Optional, mode),
        { DownwardAPI: { } downward } => Downward(downward.Items, mode),
        { ServiceAccountToken: { } token } => [new(token.Path, Encoding.UTF8.GetBytes(tokens.Text(token)), mode ?? DefaultMode)],
        _ => throw new VolumeMissingException("a projected volume has a source that dev-cluster does not offer"),
    };

    private IEnumerable<VolumeFile> ConfigMap(string name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var map = objects.ConfigMap(pod.Metadata.NamespaceProperty, name);
        if (map is null)
        {
            return optional == true ? [] : throw new VolumeMissingException($"configmap \"{name}\" not found");
        }

        var content = (map.Data ?? new Dictionary<string, string>()).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value));
        foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
        {
            content[key] = value;
        }

        return Select(content, items, optional, mode);
    }

    private IEnumerable<VolumeFile> Secret(string name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var secret = objects.Secret(pod.Metadata.NamespaceProperty, name);
        return secret is not null ? Select(secret.Data ?? new Dictionary<string, byte[]>(), items, optional, mode)
            : optional == true ? []
            : throw new VolumeMissingException($"secret \"{name}\" not found");
    }

    private static IEnumerable<VolumeFile> Select(IDictionary<string, byte[]> content, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        if (items is null or { Count: 0 })
        {
            return content.Select(pair => new VolumeFile(pair.Key, pair.Value, mode ?? DefaultMode));
        }

        var missing = items.FirstOrDefault(item => !content.ContainsKey(item.Key));
        return missing is null || optional == true
            ? items.Where(item => content.ContainsKey(item.Key)).Select(item => new VolumeFile(Inside(item.Path), content[item.Key], item.Mode ?? mode ?? DefaultMode))
            : throw new VolumeMissingException($"references non-existent config key: {missing.Key}");
    }

    private IEnumerable<VolumeFile> Downward(IList<V1DownwardAPIVolumeFile>? items, int? mode) => (items ?? []).Select(item =>
    {
        var text = item.FieldRef is { } field
            ? DownwardFields.Read(pod, podAddress, field.FieldPath)
            : pod.Spec.Containers.Where(container => container.Name == item.ResourceFieldRef?.ContainerName).Select(container => DownwardFields.Resource(container, item.ResourceFieldRef)).FirstOrDefault();
        return new VolumeFile(
            Inside(item.Path),
            Encoding.UTF8.GetBytes(text ?? throw new VolumeMissingException($"the field of \"{item.Path}\" cannot be read")),
            item.Mode ?? mode ?? DefaultMode);
    });

    private static string Inside(string path) => path.Split('/').Contains("..", StringComparer.Ordinal) || path.StartsWith('/')
        ? throw new VolumeMissingException($"the path \"{path}\" leaves its volume")
        : path;
}
