using System.Diagnostics.Metrics;
using Slipway.Api;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Feedback;

/// <summary>
/// What people and programs told this server of its predictions, by version, whether the version is loaded or not: labels come weeks late.
/// Counts are kept by stretches of ten minutes of this server's clock, in which they came.
/// </summary>
internal sealed class FeedbackBook(string model, TimeProvider clock) : IDisposable
{
    /// <summary>Versions that are counted; of more, the one that was fed longest ago is forgotten.</summary>
    public const int MostVersions = 8;

    /// <summary>Ids that are told apart, of all versions together.</summary>
    public const int MostIds = 100_000;

    /// <summary>Room for past stretches.</summary>
    public const int RingBytes = 4_000_000;

    /// <summary>
    /// For so long a new series stands at 0. Prometheus counts what a series rises by and not where it begins, and the first body may be a
    /// whole day's labels.
    /// </summary>
    public static readonly TimeSpan ToldAsZero = TimeSpan.FromMinutes(2);

    private const long Stretch = 10 * TimeSpan.TicksPerMinute;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FeedbackVersion> _versions = new(StringComparer.Ordinal);
    private readonly RecentIds _ids = new(MostIds);
    private readonly FeedbackRing _ring = new(RingBytes);
    private long _started = clock.GetUtcNow().UtcTicks;
    private long _stretch = clock.GetUtcNow().UtcTicks / Stretch;
    private long _bodies;
    private int _owners;
    private bool _forgot;

    /// <summary>Whether something was counted for the version.</summary>
    public bool Knows(string version)
    {
        lock (_lock)
        {
            return _versions.ContainsKey(version);
        }
    }

    /// <summary>Counts what one body tells, all of it or nothing.</summary>
    /// <exception cref="ServingException">It mixes what cannot be mixed.</exception>
    public FeedbackReceipt Add(string version, IReadOnlyList<FeedbackItem> items)
    {
        var keys = items.Select(item => item.Id.Length > 0 ? RecentIds.Key(version, item.Id) : (UInt128?)null).ToList();
        lock (_lock)
        {
            RequireOneKindOfAmount(version, items);
            var now = Turn();
            var accepted = 0;
            for (var i = 0; i < items.Count; i++)
            {
                if (keys[i] is not { } key || _ids.TryAdd(key))
                {
                    Feed(version, now).Add(items[i]);
                    accepted++;
                }
            }

            _bodies++;
            return new(accepted, items.Count - accepted);
        }
    }

    /// <summary>What was told in the whole stretches inside a window, and in the running one when the window reaches to now. Versions of which nothing was are left out.</summary>
    public IReadOnlyDictionary<string, FeedbackWindow> Read(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_lock)
        {
            var now = Turn();
            var kept = Math.Max(from.UtcTicks, (_ring.LastGivenUp + 1) * Stretch);
            var end = to.UtcTicks >= now ? now : RoundDown(to.UtcTicks);
            var windows = new Dictionary<string, FeedbackWindow>(StringComparer.Ordinal);
            foreach (var version in _versions.Values)
            {
                var since = version.Since ?? _started;
                var start = kept <= since ? since : RoundUp(kept);
                if (start < end && Sum(version, start, end) is { IsEmpty: false } sums)
                {
                    windows.Add(version.Version, version.Tell(sums, At(start), At(end)));
                }
            }

            return windows;
        }
    }

    /// <summary>What metrics tell of each version.</summary>
    public IReadOnlyList<(string Version, FeedbackKind? Amounts, FeedbackNumbers Numbers)> Told()
    {
        lock (_lock)
        {
            return [.. _versions.Values.Select(version => (version.Version, version.Amounts, version.Told))];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var version in _versions.Values)
            {
                version.Dispose();
            }
        }
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    private static long RoundDown(long ticks) => ticks - (ticks % Stretch);

    private static long RoundUp(long ticks) => RoundDown(ticks + Stretch - 1);

    private FeedbackSums Sum(FeedbackVersion version, long start, long end)
    {
        var sums = new FeedbackSums();
        _ring.AddTo(sums, version.Owner, start / Stretch, RoundUp(end) / Stretch);
        if (end > _stretch * Stretch)
        {
            sums.Add(version.Running.Numbers);
            foreach (var (cell, count) in version.Running.Cells)
            {
                sums.Add(cell, count);
            }
        }

        return sums;
    }

    private void RequireOneKindOfAmount(string version, IReadOnlyList<FeedbackItem> items)
    {
        var faults = new FeedbackFaults();
        var kind = _versions.TryGetValue(version, out var fed) ? fed.Amounts : null;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Kind is not FeedbackKind.Class and var given && given != (kind ??= given))
            {
                faults.Add(i, kind == FeedbackKind.Reward
                    ? "has numbers, and this version was told rewards; a version has one of both"
                    : "has a reward, and this version was told numbers; a version has one of both");
            }
        }

        faults.RequireNone();
    }

    private FeedbackVersion Feed(string version, long now)
    {
        if (!_versions.TryGetValue(version, out var fed))
        {
            if (_versions.Count == MostVersions)
            {
                Forget(_versions.Values.MinBy(each => each.LastFed)!);
            }

            // What this version may have been told before something was forgotten is not known any more.
            fed = new FeedbackVersion(version, ++_owners, clock, Measure) { Since = _forgot ? now : null };
            _versions.Add(version, fed);
        }

        fed.LastFed = _bodies;
        return fed;
    }

    private void Forget(FeedbackVersion version)
    {
        _versions.Remove(version.Version);
        version.Dispose();
        _forgot = true;
    }

    private IEnumerable<Measurement<long>> Measure(FeedbackVersion version)
    {
        lock (_lock)
        {
            return
            [
                .. version.ToldClasses().Select(each => new Measurement<long>(
                    each.Count, new("model", model), new("version", version.Version), new("predicted", each.Predicted), new("actual", each.Actual))),
            ];
        }
    }

    // Ends the running stretch if it is over.
    private long Turn()
    {
        var now = clock.GetUtcNow().UtcTicks;
        _started = Math.Min(_started, now);
        if (now / Stretch != _stretch)
        {
            foreach (var version in _versions.Values)
            {
                _ring.Append(_stretch, version.Owner, version.TakeRunning());
            }

            _stretch = now / Stretch;
        }

        return now;
    }
}
