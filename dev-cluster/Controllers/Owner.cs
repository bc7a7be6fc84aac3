using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers;

internal static class Owner
{
    public static V1OwnerReference Reference(IKubernetesObject<V1ObjectMeta> owner) => new()
    {
        ApiVersion = owner.ApiVersion,
        Kind = owner.Kind,
        Name = owner.Metadata.Name,
        Uid = owner.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    public static bool Controls(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> child) =>
        child.ControllerReference()?.Uid == owner.Metadata.Uid;

    /// <summary>The merge patch that makes <paramref name="owner"/> the controller of a child that has none.</summary>
    public static V1Patch Adopt(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> child) =>
        Patch(child, [.. child.Metadata.OwnerReferences ?? [], Reference(owner)]);

    /// <summary>The merge patch that takes <paramref name="owner"/> off a child.</summary>
    public static V1Patch Release(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> child) =>
        Patch(child, [.. (child.Metadata.OwnerReferences ?? []).Where(reference => reference.Uid != owner.Metadata.Uid)]);

    private static V1Patch Patch(IKubernetesObject<V1ObjectMeta> child, IList<V1OwnerReference> owners)
    {
        var references = owners.Count == 0 ? "null" : KubernetesJson.Serialize(owners);
        return new(
            $$$"""{"metadata":{"uid":"{{{child.Metadata.Uid}}}","resourceVersion":"{{{child.Metadata.ResourceVersion}}}","ownerReferences":{{{references}}}}}""",
            V1Patch.PatchType.MergePatch);
    }
}
