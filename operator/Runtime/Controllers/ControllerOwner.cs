using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>From a child to the entity that controls it.</summary>
internal static class ControllerOwner
{
    /// <summary>
    /// The key of the <paramref name="owner"/> entity that controls <paramref name="child"/>, or nothing. The version in the reference does not
    /// count: an owner that was written through another version of its API is the same object.
    /// </summary>
    public static IEnumerable<ObjectKey> KeyOf(ResourceKind owner, IKubernetesObject<V1ObjectMeta> child)
    {
        if (child.ControllerReference() is { } reference && reference.Kind == owner.Kind && GroupOf(reference.ApiVersion) == owner.Group)
        {
            yield return new(owner.Namespaced ? child.Metadata.NamespaceProperty ?? "" : "", reference.Name);
        }
    }

    public static bool Controls(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> child) =>
        child.ControllerReference() is { } reference && reference.Uid == owner.Metadata.Uid;

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
