using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>
/// The objects of one resource with a bounded history of writes. Reading takes no part in writing: the current snapshot is one immutable
/// reference, and history is copied out under a short lock.
/// </summary>
internal sealed class ObjectTable(long createdAt, int historyLimit)
{
    private readonly Lock _lock = new();
    private readonly WriteHistory _history = new(historyLimit);
    private volatile TableSnapshot _current = TableSnapshot.Empty;
    private TableSnapshot _beforeHistory = TableSnapshot.Empty;
    private long _forgotten = createdAt;
    private bool _compacted;

    /// <summary>Held by who must see that nothing is created between looking and storing.</summary>
    public Lock Writers { get; } = new();

    public ChangeSignal Changed { get; } = new();

    public TableSnapshot Current => _current;

    /// <summary>True once the resource is no longer served; its watches end.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Events at or below this revision are no longer known.</summary>
    public long ForgottenUpTo
    {
        get
        {
            lock (_lock)
            {
                return _forgotten;
            }
        }
    }

    public StoredObject? Find(ObjectKey key) => _current.Find(key);

    /// <summary>The writes after a revision in order, at most <paramref name="limit"/>; null when some of them are forgotten.</summary>
    public IReadOnlyList<StoreEvent>? EventsAfter(long revision, int limit)
    {
        lock (_lock)
        {
            return revision < _forgotten ? null : _history.After(revision, limit);
        }
    }

    /// <summary>The table as it was at a revision; null when that is forgotten.</summary>
    public TableSnapshot? At(long revision)
    {
        lock (_lock)
        {
            if (_history.LastUpTo(revision) is { } last)
            {
                return last.After;
            }

            return revision < _forgotten || _compacted ? null : _beforeHistory;
        }
    }

    /// <summary>Forgets what was before the first kept write, as a compaction of the store behind a watch cache does.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _compacted = true;
        }
    }

    /// <summary>Forgets all that was at or before a revision, which is the store's current one. Only the store calls this.</summary>
    public void ForgetHistory(long revision)
    {
        lock (_lock)
        {
            _history.Clear();
            _beforeHistory = _current;
            _forgotten = revision;
        }
    }

    /// <summary>Records a write. Only the store calls this, one write at a time.</summary>
    public void Record(StoreEventType type, StoredObject stored, StoredObject? previous)
    {
        lock (_lock)
        {
            _current = type == StoreEventType.Deleted ? _current.Without(stored.Key) : _current.With(stored);
            if (_history.Add(new StoreEvent(type, stored, previous, _current)) is { } dropped)
            {
                _beforeHistory = dropped.After;
                _forgotten = dropped.Revision;
            }
        }
    }

    public void Close()
    {
        IsClosed = true;
        Changed.Raise();
    }
}
