namespace Slipway.Runtime;

/// <summary>Keys that wait for their time, behind one timer that is set for the earliest. A key waits once: the earlier time wins.</summary>
internal sealed class DelayedKeys<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Timers take no more than 49 days; a later key only makes the timer fire once in vain.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, long> _due = [];
    private readonly PriorityQueue<TKey, long> _order = new();
    private readonly TimeProvider _clock;
    private readonly Action<TKey> _ready;
    private readonly ITimer _timer;
    private bool _disposed;

    public DelayedKeys(TimeProvider clock, Action<TKey> ready)
    {
        _clock = clock;
        _ready = ready;
        _timer = clock.CreateTimer(static self => ((DelayedKeys<TKey>)self!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            var due = _clock.GetTimestamp() + (long)(delay.TotalSeconds * _clock.TimestampFrequency);
            if (_disposed || (_due.TryGetValue(key, out var known) && known <= due))
            {
                return;
            }

            _due[key] = due;
            _order.Enqueue(key, due);
            SetTimer();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Release()
    {
        List<TKey> ready = [];
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            while (_order.TryPeek(out var key, out var due) && due <= now)
            {
                _order.Dequeue();
                // An entry that its key overtook with an earlier time is spent.
                if (_due.TryGetValue(key, out var current) && current == due)
                {
                    _due.Remove(key);
                    ready.Add(key);
                }
            }

            SetTimer();
        }

        ready.ForEach(_ready);
    }

    private void SetTimer()
    {
        if (_disposed || !_order.TryPeek(out _, out var due))
        {
            return;
        }

        // Rounded up to whole milliseconds: a timer that fires early would fire again and again until the time has come.
        var wait = _clock.GetElapsedTime(_clock.GetTimestamp(), due);
        var rounded = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds)));
        _timer.Change(rounded < LongestTimer ? rounded : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
