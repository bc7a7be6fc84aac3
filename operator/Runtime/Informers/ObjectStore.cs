using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Readers see one immutable snapshot and never wait; the informer is the one writer.</summary>
/// <param name="indexed">Labels that objects can be found by. An index of all of them would weigh more than the objects.</param>
internal sealed class ObjectStore<T>(IReadOnlyList<string> indexed) : IObjectStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private volatile Snapshot _snapshot = Snapshot.Empty(indexed);

    public int Count => _snapshot.Objects.Count;

    public IEnumerable<ObjectKey> Keys => _snapshot.Objects.Keys;

    public T? Get(ObjectKey key) => _snapshot.Objects.GetValueOrDefault(key);

    public IReadOnlyList<T> List() => [.. _snapshot.Objects.Values];

    public IReadOnlyList<T> OwnedBy(string uid)
    {
        var snapshot = _snapshot;
        return Resolve(snapshot, snapshot.ByOwner, uid);
    }

    public IReadOnlyList<T> WithLabel(string @namespace, string key, string value)
    {
        if (!indexed.Contains(key))
        {
            throw new InvalidOperationException($"Objects cannot be found by the label {key}: it is not among {nameof(KubernetesRuntimeOptions)}.{nameof(KubernetesRuntimeOptions.IndexedLabels)}.");
        }

        var snapshot = _snapshot;
        return Resolve(snapshot, snapshot.ByLabel, new(@namespace, key, value));
    }

    /// <summary>Puts the object in place of the one with its key, which is returned.</summary>
    public T? Set(T entity)
    {
        var key = entity.Key();
        var before = _snapshot;
        var old = before.Objects.GetValueOrDefault(key);
        var without = old is null ? before : before.Without(key, old);
        _snapshot = without.With(key, entity);
        return old;
    }

    public T? Remove(ObjectKey key)
    {
        var before = _snapshot;
        var old = before.Objects.GetValueOrDefault(key);
        _snapshot = old is null ? before : before.Without(key, old);
        return old;
    }

    private static IReadOnlyList<T> Resolve<TIndex>(
        Snapshot snapshot, ImmutableDictionary<TIndex, ImmutableHashSet<ObjectKey>> index, TIndex value)
        where TIndex : notnull =>
        index.TryGetValue(value, out var keys) ? [.. keys.Select(key => snapshot.Objects[key])] : [];

    private readonly record struct Label(string Namespace, string Key, string Value);

    private sealed record Snapshot(
        IReadOnlyList<string> Indexed,
        ImmutableDictionary<ObjectKey, T> Objects,
        ImmutableDictionary<string, ImmutableHashSet<ObjectKey>> ByOwner,
        ImmutableDictionary<Label, ImmutableHashSet<ObjectKey>> ByLabel)
    {
        public static Snapshot Empty(IReadOnlyList<string> indexed) => new(
            indexed,
            ImmutableDictionary<ObjectKey, T>.Empty,
            ImmutableDictionary.Create<string, ImmutableHashSet<ObjectKey>>(StringComparer.Ordinal),
            ImmutableDictionary<Label, ImmutableHashSet<ObjectKey>>.Empty);

        public Snapshot With(ObjectKey key, T entity) => new(
            Indexed,
            Objects.SetItem(key, entity),
            Owners(entity).Aggregate(ByOwner, (index, owner) => Link(index, owner, key)),
            Labels(key, entity).Aggregate(ByLabel, (index, label) => Link(index, label, key)));

        public Snapshot Without(ObjectKey key, T entity) => new(
            Indexed,
            Objects.Remove(key),
            Owners(entity).Aggregate(ByOwner, (index, owner) => Unlink(index, owner, key)),
            Labels(key, entity).Aggregate(ByLabel, (index, label) => Unlink(index, label, key)));

        private static IEnumerable<string> Owners(T entity) =>
            entity.Metadata.OwnerReferences?.Select(owner => owner.Uid).Where(uid => uid is not null) ?? [];

        private IEnumerable<Label> Labels(ObjectKey key, T entity) => entity.Metadata.Labels is { } labels
            ? Indexed.Where(labels.ContainsKey).Select(name => new Label(key.Namespace, name, labels[name]))
            : [];

        private static ImmutableDictionary<TIndex, ImmutableHashSet<ObjectKey>> Link<TIndex>(
            ImmutableDictionary<TIndex, ImmutableHashSet<ObjectKey>> index, TIndex value, ObjectKey key)
            where TIndex : notnull =>
            index.SetItem(value, index.GetValueOrDefault(value, []).Add(key));

        private static ImmutableDictionary<TIndex, ImmutableHashSet<ObjectKey>> Unlink<TIndex>(
            ImmutableDictionary<TIndex, ImmutableHashSet<ObjectKey>> index, TIndex value, ObjectKey key)
            where TIndex : notnull
        {
            // Two owner references may carry one uid: the second finds the link gone.
            if (!index.TryGetValue(value, out var keys))
            {
                return index;
            }

            var rest = keys.Remove(key);
            return rest.IsEmpty ? index.Remove(value) : index.SetItem(value, rest);
        }
    }
}
