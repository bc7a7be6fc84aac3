using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// What was counted in each of the past minutes, by wall clock, for as far back as fits its bytes. Requests add to the versions' own
/// counters, which never turn back; the first that finds the minute over puts the differences aside, and no other waits for it. So no count
/// is lost or counted twice. One that is added while a minute is closed may be in the minute beside its own, and the counts of one request
/// may be in two minutes. A clock that is set back makes minutes happen twice, and both times count.
/// </summary>
/// <param name="bytes">Room for past minutes, all versions together; the oldest go first.</param>
internal sealed class WindowRing(TimeProvider clock, int bytes)
{
    public const int MostBytes = 4_000_000;

    private readonly Lock _lock = new();
    private readonly BucketLog _log = new(bytes);
    private readonly List<WindowRows> _rows = [];
    private long _started = clock.GetUtcNow().UtcTicks;
    private long _minute = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
    private int _owners;

    /// <summary>Counts these rows from now on. All of them are 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A minute of them might not fit.</exception>
    public WindowRows Add(string version, params ICounters[] rows) => Add(version, features: null, rows);

    /// <summary>As above, for what is watched of a version beside the rows that every version has.</summary>
    /// <param name="features">What the one row counts; null when it is of another kind.</param>
    public WindowRows Add(string version, IReadOnlyList<DriftFeature>? features, params ICounters[] rows)
    {
        lock (_lock)
        {
            var added = new WindowRows(++_owners, version, clock.GetUtcNow(), features, rows);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(BucketLog.MostRecordBytes(added.Cells), bytes, nameof(rows));
            _rows.Add(added);
            return added;
        }
    }

    /// <summary>Forgets the rows and what they counted.</summary>
    public void Remove(WindowRows rows)
    {
        lock (_lock)
        {
            _rows.Remove(rows);
        }
    }

    /// <summary>Closes the minute if it is over. Call before anything is counted. Takes no lock that somebody holds.</summary>
    public void Turn()
    {
        if (clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute == Volatile.Read(ref _minute) || !_lock.TryEnter())
        {
            return;
        }

        try
        {
            CloseMinute();
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Sums up the whole minutes inside a window, and the running one when the window reaches to now.</summary>
    public WindowCounts Read(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_lock)
        {
            var now = CloseMinute();
            var kept = Math.Max(from.UtcTicks, (_log.LastGivenUp + 1) * TimeSpan.TicksPerMinute);
            var start = kept <= _started ? _started : RoundUp(kept);
            var end = to.UtcTicks >= now ? now : RoundDown(to.UtcTicks);
            if (start >= end)
            {
                return new(from, from, [.. _rows.Select(rows => rows.Cut(new long[rows.Cells]))]);
            }

            var sums = _rows.ToDictionary(rows => rows.Owner, rows => new long[rows.Cells]);
            _log.AddTo(start / TimeSpan.TicksPerMinute, RoundUp(end) / TimeSpan.TicksPerMinute, sums.GetValueOrDefault);
            if (end > _minute * TimeSpan.TicksPerMinute)
            {
                AddRunning(sums);
            }

            return new(At(start), At(end), [.. _rows.Select(rows => rows.Cut(sums[rows.Owner]))]);
        }
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    private static long RoundDown(long ticks) => ticks - (ticks % TimeSpan.TicksPerMinute);

    private static long RoundUp(long ticks) => RoundDown(ticks + TimeSpan.TicksPerMinute - 1);

    private void AddRunning(Dictionary<int, long[]> sums)
    {
        foreach (var rows in _rows)
        {
            var counted = rows.Count();
            var into = sums[rows.Owner];
            for (var cell = 0; cell < into.Length; cell++)
            {
                into[cell] += counted[cell];
            }
        }
    }

    private long CloseMinute()
    {
        // Read anew: who comes here may have looked at the clock before somebody else closed the minute.
        var now = clock.GetUtcNow().UtcTicks;
        var minute = now / TimeSpan.TicksPerMinute;
        _started = Math.Min(_started, now);
        if (minute != _minute)
        {
            foreach (var rows in _rows)
            {
                _log.Append(_minute, rows.Owner, rows.Close());
            }

            Volatile.Write(ref _minute, minute);
        }

        return now;
    }
}
