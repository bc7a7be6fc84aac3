using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>What the runtime reads of any object's metadata.</summary>
public static class ObjectExtensions
{
    /// <summary>The key of an object; its namespace is empty when the object has none.</summary>
    public static ObjectKey Key(this IKubernetesObject<V1ObjectMeta> entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return new(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name);
    }

    /// <summary>The one owner that manages the object; null means that nobody does.</summary>
    public static V1OwnerReference? ControllerReference(this IKubernetesObject<V1ObjectMeta> entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return entity.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
    }
}
