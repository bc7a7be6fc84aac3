using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Api.Validation;

namespace Slipway.Operator.Desire;

/// <summary>Merges the user's partial pod template over the generated one and refuses a result that Slipway could not work with.</summary>
internal static class PodTemplateMerge
{
    /// <exception cref="InvalidPodTemplateException">The result is no pod template, or takes away what Slipway needs.</exception>
    public static V1PodTemplateSpec Apply(V1PodTemplateSpec generated, JsonObject? wanted)
    {
        if (wanted is null || wanted.Count == 0)
        {
            return generated;
        }

        var merged = StrategicMerge.Apply(JsonNode.Parse(KubernetesJson.Serialize(generated))!.AsObject(), wanted);
        var template = PassedThrough.Read<V1PodTemplateSpec>(merged, "spec.podTemplate", out var error) ?? throw new InvalidPodTemplateException($"{error}");
        Check(generated, template);
        return template;
    }

    private static void Check(V1PodTemplateSpec generated, V1PodTemplateSpec template)
    {
        foreach (var (name, value) in generated.Metadata.Labels.Where(label => label.Key.StartsWith("slipway.dev/", StringComparison.Ordinal)))
        {
            if (template.Metadata?.Labels is not { } labels || !labels.TryGetValue(name, out var actual) || actual != value)
            {
                throw new InvalidPodTemplateException($"spec.podTemplate.metadata.labels must leave '{name}' alone: selectors depend on it.");
            }
        }

        var wanted = generated.Spec.Containers[0];
        var server = template.Spec?.Containers?.FirstOrDefault(container => container.Name == Names.ServerContainer)
            ?? throw new InvalidPodTemplateException($"spec.podTemplate.spec.containers must keep the container '{Names.ServerContainer}'.");
        Keep("ports", wanted.Ports, server.Ports, port => port.Name, (a, b) => a.ContainerPort == b.ContainerPort);
        Keep("volumeMounts", wanted.VolumeMounts, server.VolumeMounts, mount => mount.MountPath, (a, b) => a.Name == b.Name);
        Keep("volumes", generated.Spec.Volumes, template.Spec.Volumes, volume => volume.Name, (a, b) => a.ConfigMap is null || a.ConfigMap.Name == b.ConfigMap?.Name);
        if (server.StartupProbe is null || server.ReadinessProbe is null || server.LivenessProbe is null)
        {
            throw new InvalidPodTemplateException("spec.podTemplate must keep the server's startupProbe, readinessProbe and livenessProbe; their numbers may change.");
        }
    }

    private static void Keep<T>(string field, IList<T> wanted, IList<T>? actual, Func<T, string> key, Func<T, T, bool> equal)
    {
        foreach (var item in wanted)
        {
            if (actual?.Any(other => key(other) == key(item) && equal(item, other)) != true)
            {
                throw new InvalidPodTemplateException($"spec.podTemplate must leave '{key(item)}' in the {field} of the server alone.");
            }
        }
    }
}
