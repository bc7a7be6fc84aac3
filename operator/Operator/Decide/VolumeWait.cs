using System.Globalization;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Decide;

/// <summary>
/// A pod that has a node, and there waits for its volumes. What is missing is told in events alone, which the operator may not read, so that it says
/// what may be missing: whatever the volumes are made of. An image is pulled later.
/// </summary>
internal static class VolumeWait
{
    /// <summary>Longer than most volumes take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Null while the wait is not worth telling.</summary>
    public static Finding? Find(V1Pod pod, DateTimeOffset now) => Since(pod) is { } since && now.UtcDateTime - since >= Patience
        ? new(Reasons.VolumesPending, string.Create(
            CultureInfo.InvariantCulture,
            $"Pod {pod.Metadata.Name}: its volumes, or its network, have not been ready since {since:yyyy-MM-ddTHH:mm:ssZ}.{Question(pod)} kubectl describe pod {pod.Metadata.Name} -n {pod.Metadata.NamespaceProperty} tells what is missing."))
        : null;

    /// <summary>When a wait will be worth telling; null when there is none, or it is by now.</summary>
    public static TimeSpan? UntilFound(V1Pod pod, DateTimeOffset now) => Since(pod) is { } since && now.UtcDateTime - since is var waited && waited < Patience
        // A node's clock may be ahead.
        ? waited < TimeSpan.Zero ? Patience : Patience - waited
        : null;

    private static DateTime? Since(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodReadyToStartContainers", Status: "False" })?.LastTransitionTime;

    private static string Question(V1Pod pod)
    {
        var needed = (pod.Spec?.Volumes ?? []).SelectMany(Needs).Distinct(StringComparer.Ordinal).ToList();
        return needed.Count == 0 ? "" : $" Does namespace {pod.Metadata.NamespaceProperty} have {string.Join(", ", needed)}?";
    }

    private static IEnumerable<string> Needs(V1Volume volume)
    {
        if (volume.Secret is { Optional: not true } secret)
        {
            yield return Object("Secret", secret.SecretName, secret.Items);
        }

        foreach (var part in (volume.Projected?.Sources ?? []).Select(source => source.Secret).Where(part => part is { Optional: not true }))
        {
            yield return Object("Secret", part.Name, part.Items);
        }

        // Those that every pod has were written before it.
        if (volume.ConfigMap is { Optional: not true } map && volume.Name is not (PodTemplateBuilder.ConfigVolume or PodTemplateBuilder.LiveVolume))
        {
            yield return Object("ConfigMap", map.Name, map.Items);
        }

        if (volume.PersistentVolumeClaim is { } claim)
        {
            yield return Object("PersistentVolumeClaim", claim.ClaimName, keys: null);
        }
    }

    private static string Object(string kind, string name, IList<V1KeyToPath>? keys) =>
        keys is { Count: > 0 } ? $"{kind} {name} with {string.Join(", ", keys.Select(item => item.Key))}" : $"{kind} {name}";
}
