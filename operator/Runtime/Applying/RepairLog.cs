using System.Collections.Concurrent;

namespace Slipway.Runtime;

/// <summary>
/// Remembers which field of which child was put back when. The same repair again within a minute is a contest with another writer;
/// each further one waits twice as long, at most ten minutes.
/// </summary>
internal sealed class RepairLog(TimeProvider clock)
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ObjectId, Repair> _repairs = new();

    /// <summary>How long this repair has to wait; null means that it may be made now.</summary>
    public TimeSpan? Wait(ObjectId id, string path, string hash)
    {
        if (!_repairs.TryGetValue(id, out var last) || last.Path != path || last.Hash != hash)
        {
            return null;
        }

        var left = Window(last.Streak) - clock.GetElapsedTime(last.At);
        return left > TimeSpan.Zero ? left : null;
    }

    public void Repaired(ObjectId id, string path, string hash)
    {
        Forget();
        _repairs.AddOrUpdate(
            id,
            _ => new(path, hash, 1, clock.GetTimestamp()),
            (_, last) => new(path, hash, Continues(last, path, hash) ? last.Streak + 1 : 1, clock.GetTimestamp()));
    }

    private static TimeSpan Window(int streak) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, FirstWindow.Ticks << Math.Min(streak - 1, 8)));

    private bool Continues(Repair last, string path, string hash) =>
        last.Path == path && last.Hash == hash && clock.GetElapsedTime(last.At) < 2 * Window(last.Streak);

    private void Forget()
    {
        foreach (var repair in _repairs.Where(repair => clock.GetElapsedTime(repair.Value.At) > 2 * Longest))
        {
            _repairs.TryRemove(repair);
        }
    }

    private sealed record Repair(string Path, string Hash, int Streak, long At);
}
