using System.Collections.Concurrent;

namespace Slipway.Runtime;

/// <summary>Per key: 5 ms, 10 ms, 20 ms and so on, at most 5 minutes.</summary>
internal sealed class KeyBackoff<TKey>
    where TKey : notnull
{
    public static readonly TimeSpan Base = TimeSpan.FromMilliseconds(5);
    public static readonly TimeSpan Cap = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TKey, int> _failures = new();

    public (int Failures, TimeSpan Delay) Next(TKey key)
    {
        var failures = _failures.AddOrUpdate(key, 1, static (_, known) => known + 1);
        // 5 ms * 2^30 is past the cap.
        return (failures, TimeSpan.FromMilliseconds(Math.Min(Cap.TotalMilliseconds, Base.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)))));
    }

    public void Forget(TKey key) => _failures.TryRemove(key, out _);
}
