using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>
/// All objects, in memory. Every write takes the next revision of one counter, and succeeds only on the version that its writer has seen.
/// </summary>
/// <param name="historyLimit">Writes that each table remembers for watches and for reads in the past; at least 1.</param>
internal sealed class ObjectStore(int historyLimit)
{
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, ObjectTable> _tables = new(StringComparer.Ordinal);
    private readonly ChangeSignal _changed = new();
    private long _revision = 1;

    /// <summary>The revision of the last write; every event up to it can be read.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>
    /// The table of a resource (<c>group/plural</c>), made if there is none. A table made later than the server's start knows nothing of the
    /// revisions before it.
    /// </summary>
    public ObjectTable Table(string resource) =>
        _tables.GetOrAdd(resource, static (_, store) => new ObjectTable(store.Revision <= 1 ? 0 : store.Revision, store.HistoryLimit), this);

    /// <summary>A table's current state, and the revision that it is the state of.</summary>
    public (long Revision, TableSnapshot Objects) Read(ObjectTable table)
    {
        lock (_writing)
        {
            return (_revision, table.Current);
        }
    }

    /// <summary>Drops a table with all its objects and ends its watches.</summary>
    public void Drop(string resource)
    {
        if (_tables.TryRemove(resource, out var table))
        {
            table.Close();
        }
    }

    /// <summary>Forgets the state before what the tables still remember.</summary>
    public void Compact()
    {
        foreach (var table in _tables.Values)
        {
            table.Compact();
        }
    }

    /// <summary>Forgets every write before now, as a server does that starts with the data alone: watches from before are answered 410.</summary>
    public void ForgetHistory()
    {
        lock (_writing)
        {
            foreach (var table in _tables.Values)
            {
                table.ForgetHistory(_revision);
            }
        }
    }

    /// <summary>Stores a new object; null when the key is taken. The value belongs to the store from here on.</summary>
    public StoredObject? Insert(ObjectTable table, ObjectKey key, JsonObject value)
    {
        lock (_writing)
        {
            return table.Find(key) is null ? Write(table, StoreEventType.Added, key, value, previous: null) : null;
        }
    }

    /// <summary>Stores the next version; null when <paramref name="expected"/> is no longer the current one.</summary>
    public StoredObject? Replace(ObjectTable table, StoredObject expected, JsonObject value)
    {
        lock (_writing)
        {
            return ReferenceEquals(table.Find(expected.Key), expected)
                ? Write(table, StoreEventType.Modified, expected.Key, value, expected)
                : null;
        }
    }

    /// <summary>
    /// Removes the object and returns its last content under the revision of the removal; null when <paramref name="expected"/> is no
    /// longer the current one.
    /// </summary>
    public StoredObject? Remove(ObjectTable table, StoredObject expected)
    {
        lock (_writing)
        {
            return ReferenceEquals(table.Find(expected.Key), expected)
                ? Write(table, StoreEventType.Deleted, expected.Key, expected.Clone(), expected)
                : null;
        }
    }

    /// <summary>Waits until the revision is reached; false when it was not within the limit.</summary>
    public async Task<bool> WaitForAsync(long revision, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        while (true)
        {
            var next = _changed.Next;
            if (Revision >= revision)
            {
                return true;
            }

            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private int HistoryLimit => historyLimit;

    private StoredObject Write(ObjectTable table, StoreEventType type, ObjectKey key, JsonObject value, StoredObject? previous)
    {
        var revision = _revision + 1;
        value["metadata"]!["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        var stored = new StoredObject(key, value, revision);
        table.Record(type, stored, previous);
        Volatile.Write(ref _revision, revision);
        table.Changed.Raise();
        _changed.Raise();
        return stored;
    }
}
