using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.Operator.Tests;

/// <summary>A cache that holds what a test put into a list.</summary>
internal sealed class Store<T>(IReadOnlyList<T> all) : IObjectStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public T? Get(ObjectKey key) => all.FirstOrDefault(entity => entity.Key() == key);

    public IReadOnlyList<T> List() => all;

    public IReadOnlyList<T> OwnedBy(string uid) => [.. all.Where(entity => entity.Metadata.OwnerReferences?.Any(owner => owner.Uid == uid) == true)];

    public IReadOnlyList<T> WithLabel(string @namespace, string key, string value) =>
        [.. all.Where(entity => entity.Metadata.NamespaceProperty == @namespace && entity.Metadata.Labels?.TryGetValue(key, out var found) == true && found == value)];
}
