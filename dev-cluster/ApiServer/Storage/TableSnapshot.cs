using System.Collections.Immutable;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>
/// All objects of one resource at one revision, in the order of their keys as Kubernetes lists them. Immutable, and shares structure with its
/// neighbours, so that keeping many of them is cheap.
/// </summary>
internal sealed class TableSnapshot
{
    private readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> _namespaces;

    private TableSnapshot(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> namespaces, int count)
    {
        _namespaces = namespaces;
        Count = count;
    }

    public static TableSnapshot Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, StoredObject>>(PathOrder.Instance), 0);

    public int Count { get; }

    /// <summary>The object of that key, or null.</summary>
    public StoredObject? Find(ObjectKey key) =>
        _namespaces.TryGetValue(key.Namespace, out var names) ? names.GetValueOrDefault(key.Name) : null;

    /// <summary>The objects of a namespace, or of all for null.</summary>
    public IEnumerable<StoredObject> In(string? ns)
    {
        if (ns is null)
        {
            return _namespaces.Values.SelectMany(names => names.Values);
        }

        return _namespaces.TryGetValue(ns, out var found) ? found.Values : [];
    }

    public TableSnapshot With(StoredObject stored)
    {
        var names = _namespaces.GetValueOrDefault(stored.Key.Namespace)
            ?? ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);
        var added = names.ContainsKey(stored.Key.Name) ? 0 : 1;
        return new TableSnapshot(_namespaces.SetItem(stored.Key.Namespace, names.SetItem(stored.Key.Name, stored)), Count + added);
    }

    public TableSnapshot Without(ObjectKey key)
    {
        if (!_namespaces.TryGetValue(key.Namespace, out var names) || !names.ContainsKey(key.Name))
        {
            return this;
        }

        var rest = names.Remove(key.Name);
        return new TableSnapshot(rest.IsEmpty ? _namespaces.Remove(key.Namespace) : _namespaces.SetItem(key.Namespace, rest), Count - 1);
    }

    /// <summary>Namespaces in the order of <c>namespace/name</c> paths, in which "a-b/" comes before "a/".</summary>
    private sealed class PathOrder : IComparer<string>
    {
        public static readonly PathOrder Instance = new();

        public int Compare(string? x, string? y) => string.CompareOrdinal(x + "/", y + "/");
    }
}
