using k8s;
using k8s.Models;

namespace Slipway.Runtime;

public enum InformerEventType
{
    Added,
    Updated,
    Deleted,
}

/// <summary>
/// One change of the cache. <see cref="Old"/> is null for an added object, <see cref="New"/> is null for a deleted one; then
/// <see cref="Old"/> is the last state that was seen, which need not be the last that existed.
/// </summary>
public readonly record struct InformerEvent<T>(InformerEventType Type, T? Old, T? New)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public T Object => New ?? Old!;
}
