using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>
/// What we wrote and the cache does not show yet. Until it does, the answer to our last write stands for the cached object, so that a
/// reconcile right after another repeats nothing. A write is forgotten when the cache moves past the versions that it replaced, when a
/// whole list came after it, or after a minute, in case the cache never shows it.
/// </summary>
internal sealed class OwnWrites : IDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Stands for the version of an object that the cache does not hold.</summary>
    private const string Absent = "";

    private readonly ConcurrentDictionary<ObjectId, Write> _writes = new();
    private readonly ConcurrentDictionary<ObjectId, (string Version, UInt128 Print)> _settled = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _sweeps;
    private readonly Lock _gate = new();
    private Action<ObjectVersion>? _lost;

    public OwnWrites(TimeProvider clock)
    {
        _clock = clock;
        _sweeps = clock.CreateTimer(static state => ((OwnWrites)state!).Sweep(), this, Lifetime, Lifetime);
    }

    /// <summary>The object as it is by all that we know; null means that there is none.</summary>
    public ObjectVersion? View(ObjectId id, ObjectVersion? cached)
    {
        if (!_writes.TryGetValue(id, out var write))
        {
            return cached;
        }

        if (Stands(write, VersionOf(cached)))
        {
            return write.Answer;
        }

        // Whoever was given the answer asks with it; the cache is behind all the same.
        if (write.Answer is null || write.Answer.Version != VersionOf(cached))
        {
            _writes.TryRemove(new(id, write));
        }

        return cached;
    }

    /// <summary>The entity as <see cref="WroteStatus"/> left it, until the cache shows that; else <paramref name="cached"/>.</summary>
    public TEntity Newest<TEntity>(ObjectId id, TEntity cached)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _writes.TryGetValue(id, out var write) && write.Entity is TEntity entity && Stands(write, cached.Metadata.ResourceVersion) ? entity : cached;

    /// <summary>The answer to our write, in place of <paramref name="cached"/> and of <paramref name="replaced"/>, the object that we wrote over.</summary>
    public void Wrote(ObjectId id, ObjectVersion? cached, ObjectVersion? replaced, ObjectVersion answer) => Remember(id, cached, replaced, answer, null);

    /// <summary>As <see cref="Wrote"/>, for an entity whose status we wrote.</summary>
    public void WroteStatus(ObjectId id, ObjectVersion cached, ObjectVersion replaced, IKubernetesObject<V1ObjectMeta> answer) =>
        Remember(id, cached, replaced, ObjectVersion.Of(answer), answer);

    /// <summary>The cache may have been quicker than the answer, and says no more of this version then.</summary>
    public void CacheShows(ObjectId id, string version)
    {
        if (_writes.TryGetValue(id, out var write) && write.Answer?.Version == version)
        {
            _writes.TryRemove(new(id, write));
        }
    }

    public void Deleted(ObjectId id, ObjectVersion? cached) => Remember(id, cached, cached, null, null);

    /// <summary>The cache is not to be asked: what we wrote may be newer.</summary>
    public bool IsPending(ObjectId id) => _writes.ContainsKey(id);

    /// <summary>This version of the object is what is desired (by <see cref="DesiredChild.Print"/>), or differs from it only in the API server's spelling: there is nothing to write.</summary>
    public void Settle(ObjectId id, string version, UInt128 print) => _settled[id] = (version, print);

    public bool IsSettled(ObjectId id, string version, UInt128 print) => _settled.TryGetValue(id, out var known) && known == (version, print);

    /// <summary>The cache shows the object in another version; null means that it is gone.</summary>
    public void CacheMoved(ObjectId id, string? version)
    {
        if (_settled.TryGetValue(id, out var settled) && settled.Version != version)
        {
            _settled.TryRemove(new(id, settled));
        }

        if (_writes.TryGetValue(id, out var write) && (version is null || !write.Replaced.Contains(version)))
        {
            _writes.TryRemove(new(id, write));
        }
    }

    /// <summary>
    /// The cache holds a whole list of this version. What the list lacks though it was written before is gone, whether the cache ever showed it or not.
    /// </summary>
    /// <param name="namespace">That was listed; empty for all.</param>
    public void CacheListed(string resource, string @namespace, string version)
    {
        foreach (var write in _writes.Where(write => write.Key.Resource == resource && (@namespace.Length == 0 || write.Key.Key.Namespace == @namespace)))
        {
            if (write.Value.Answer is { } answer && IsAtLeast(version, answer.Version) && _writes.TryRemove(write))
            {
                _lost?.Invoke(answer);
            }
        }
    }

    /// <summary>Calls <paramref name="handler"/> with what <see cref="CacheListed"/> found gone, once that is forgotten; it only notes whom it concerns.</summary>
    public IDisposable SubscribeToLost(Action<ObjectVersion> handler)
    {
        lock (_gate)
        {
            _lost += handler;
        }

        return new Subscription(this, handler);
    }

    public void Dispose() => _sweeps.Dispose();

    /// <summary>Of one resource, versions grow as numbers; those of a server that has others tell nothing.</summary>
    private static bool IsAtLeast(string version, string other) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && ulong.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var otherNumber)
        && number >= otherNumber;

    private bool Stands(Write write, string cachedVersion) =>
        write.Replaced.Contains(cachedVersion) && _clock.GetElapsedTime(write.At) < Lifetime;

    private void Remember(ObjectId id, ObjectVersion? cached, ObjectVersion? replaced, ObjectVersion? answer, object? entity)
    {
        var versions = ImmutableHashSet.Create(StringComparer.Ordinal, VersionOf(cached), VersionOf(replaced));
        _writes.AddOrUpdate(
            id,
            _ => new(versions, answer, entity, _clock.GetTimestamp()),
            (_, earlier) => new(versions.Union(earlier.Replaced), answer, entity, _clock.GetTimestamp()));
    }

    private void Sweep()
    {
        foreach (var write in _writes.Where(write => _clock.GetElapsedTime(write.Value.At) >= Lifetime))
        {
            _writes.TryRemove(write);
        }
    }

    private static string VersionOf(ObjectVersion? entity) => entity?.Version ?? Absent;

    private sealed class Subscription(OwnWrites writes, Action<ObjectVersion> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (writes._gate)
            {
                writes._lost -= handler;
            }
        }
    }

    private sealed record Write(ImmutableHashSet<string> Replaced, ObjectVersion? Answer, object? Entity, long At);
}
