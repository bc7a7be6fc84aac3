using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;

namespace Slipway.Operator.Desire;

/// <summary>
/// What whoever runs the operator lets users do. Whoever may create a ModelDeployment runs a pod; these say how much of that pod is theirs.
/// </summary>
public sealed record Restrictions
{
    /// <summary>Whether <c>spec.podTemplate</c> may be used.</summary>
    public bool AllowPodTemplate { get; init; } = true;

    /// <summary>
    /// Images that pods may have besides the operator's own server image: a repository with any tag or digest, or with a slash at its end all
    /// repositories below. None allows every image.
    /// </summary>
    public IReadOnlyList<string> AllowedImages { get; init; } = [];

    /// <summary>What can be told before a pod is made of the spec, so that nobody works on what is refused anyway. Null when it keeps to them.</summary>
    internal Finding? Find(ModelDeploymentSpec spec) => !AllowPodTemplate && spec.PodTemplate is { Count: > 0 }
        ? new(Reasons.NotAllowed, "spec.podTemplate: whoever runs the operator does not allow it (--allow-pod-template=false).")
        : null;

    /// <summary>Null when the pod keeps to them.</summary>
    internal Finding? Find(V1PodTemplateSpec template, string serverImage)
    {
        if (AllowedImages.Count > 0 && Containers(template.Spec).FirstOrDefault(container => string.IsNullOrEmpty(container.Image)) is { } bare)
        {
            return new(Reasons.NotAllowed, $"The container '{bare.Name}' names no image, and whoever runs the operator allows some only (--allowed-images).");
        }

        return Images(template.Spec).FirstOrDefault(image => image != serverImage && !IsAllowed(image)) is { } refused
            ? new(Reasons.NotAllowed, $"The image '{refused}' is not among those that whoever runs the operator allows (--allowed-images): {string.Join(", ", AllowedImages)}.")
            : null;
    }

    private static IEnumerable<string> Images(V1PodSpec pod) => Containers(pod).Select(container => container.Image)
        .Concat(pod.Volumes?.Select(volume => volume.Image?.Reference).OfType<string>() ?? []);

    private static IEnumerable<V1Container> Containers(V1PodSpec pod) => pod.Containers.Concat(pod.InitContainers ?? []);

    private bool IsAllowed(string image) => AllowedImages.Count == 0 || AllowedImages.Any(allowed =>
        image.StartsWith(allowed, StringComparison.Ordinal) && (allowed.EndsWith('/') || image.Length == allowed.Length || image[allowed.Length] is ':' or '@'));
}
