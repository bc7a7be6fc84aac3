using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>The cache of one kind, kept by an informer, without metadata.managedFields. Objects are shared: never change one that was read here.</summary>
public interface IObjectStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Null means that the cache does not hold the object.</summary>
    T? Get(ObjectKey key);

    IReadOnlyList<T> List();

    /// <summary>Objects with an ownerReference to <paramref name="uid"/>, controller or not.</summary>
    IReadOnlyList<T> OwnedBy(string uid);

    /// <summary>Objects of one namespace whose label <paramref name="key"/> has exactly this value.</summary>
    /// <exception cref="InvalidOperationException">The label is not among <see cref="KubernetesRuntimeOptions.IndexedLabels"/>.</exception>
    IReadOnlyList<T> WithLabel(string @namespace, string key, string value);
}
