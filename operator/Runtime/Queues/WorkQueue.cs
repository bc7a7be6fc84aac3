namespace Slipway.Runtime;

/// <summary>
/// A set of keys in arrival order. A key added while it is worked on comes back once, after <see cref="Done"/>: no key is ever worked
/// on twice at once, and any number of adds before a take are one. Its size is bounded by the number of keys.
/// </summary>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Queue<TKey> _ready = new();
    private readonly Dictionary<TKey, long> _dirty = [];
    private readonly Dictionary<TKey, long> _working = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly KeyBackoff<TKey> _backoff = new();
    private readonly DelayedKeys<TKey> _delayed;
    private readonly TimeProvider _clock;
    private readonly QueueMetrics _metrics;
    private bool _disposed;

    public WorkQueue(TimeProvider clock, QueueMetrics metrics)
    {
        _clock = clock;
        _metrics = metrics;
        _delayed = new(clock, Add);
        metrics.InProgressBy(InProgress);
    }

    public void Add(TKey key)
    {
        lock (_gate)
        {
            // A delayed key may come in the moment of the stop; the next start reconciles everything.
            if (_disposed || !_dirty.TryAdd(key, _clock.GetTimestamp()))
            {
                return;
            }

            _metrics.Added();
            if (!_working.ContainsKey(key))
            {
                Enqueue(key);
            }
        }
    }

    /// <summary>Adds the key when <paramref name="delay"/> is over; of several waits of one key the earliest counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
        }
        else
        {
            _delayed.Add(key, delay);
        }
    }

    /// <summary>Adds the key after its own backoff, which doubles with every call until <see cref="Forget"/>. Returns the failures so far.</summary>
    public int AddWithBackoff(TKey key)
    {
        var (failures, delay) = _backoff.Next(key);
        _metrics.Retried();
        AddAfter(key, delay);
        return failures;
    }

    /// <summary>The key's next backoff starts at the base again.</summary>
    public void Forget(TKey key) => _backoff.Forget(key);

    /// <summary>Waits for a key. Whoever takes one calls <see cref="Done"/>, whatever happens.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var key = _ready.Dequeue();
            var now = _clock.GetTimestamp();
            _metrics.Waited(_clock.GetElapsedTime(_dirty[key], now));
            _metrics.DepthIs(_ready.Count);
            _dirty.Remove(key);
            _working.Add(key, now);
            return key;
        }
    }

    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (!_working.Remove(key, out var started))
            {
                return;
            }

            _metrics.Worked(_clock.GetElapsedTime(started));
            if (_dirty.ContainsKey(key))
            {
                Enqueue(key);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _delayed.Dispose();
        _available.Dispose();
    }

    private WorkInProgress InProgress()
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            var (sum, longest) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var started in _working.Values)
            {
                var time = _clock.GetElapsedTime(started, now);
                sum += time;
                longest = time > longest ? time : longest;
            }

            return new(sum, longest);
        }
    }

    private void Enqueue(TKey key)
    {
        _ready.Enqueue(key);
        _metrics.DepthIs(_ready.Count);
        _available.Release();
    }
}
