namespace Slipway.Operator.Observe;

/// <summary>
/// Pods that lately kept a worker waiting for an answer that did not come. They are left alone for a while, however often their model is reconciled
/// meanwhile.
/// </summary>
internal sealed class SilentPods(TimeProvider clock)
{
    /// <summary>How long one is left alone.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Pods that are remembered, far more than workers can ask within the pause; the oldest are forgotten before their time.</summary>
    internal const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);

    /// <summary>In the order in which they end, for all pauses are of one length.</summary>
    private readonly Queue<(string Uid, long Since)> _ends = new();

    public bool Contains(string uid)
    {
        lock (_lock)
        {
            Expire();
            return _silent.Contains(uid);
        }
    }

    public void Add(string uid)
    {
        lock (_lock)
        {
            if (_silent.Add(uid))
            {
                _ends.Enqueue((uid, clock.GetTimestamp()));
                Expire();
            }
        }
    }

    private void Expire()
    {
        while (_ends.TryPeek(out var next) && (_ends.Count > Most || clock.GetElapsedTime(next.Since) >= Pause))
        {
            _silent.Remove(_ends.Dequeue().Uid);
        }
    }
}
