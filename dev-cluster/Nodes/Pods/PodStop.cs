namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>How a pod is told to end, and how long it may take.</summary>
internal sealed class PodStop(TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _timeIsUp = new(Timeout.InfiniteTimeSpan, clock);
    private readonly Lock _gate = new();
    private long _since;
    private TimeSpan _grace = TimeSpan.MaxValue;

    public CancellationToken Asked => _asked.Token;

    public CancellationToken TimeIsUp => _timeIsUp.Token;

    /// <summary>False when the node itself goes away and waits for no hook.</summary>
    public bool WithHooks { get; private set; } = true;

    /// <summary>Asks the pod to end within <paramref name="grace"/>. A later call can only shorten the time.</summary>
    public void Ask(TimeSpan grace, bool withHooks = true)
    {
        lock (_gate)
        {
            if (_grace == TimeSpan.MaxValue)
            {
                _since = clock.GetTimestamp();
            }

            WithHooks &= withHooks;
            if (grace < _grace)
            {
                _grace = grace;
                var left = grace - clock.GetElapsedTime(_since);
                _timeIsUp.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }

        _asked.Cancel();
    }

    public void Dispose()
    {
        _asked.Dispose();
        _timeIsUp.Dispose();
    }
}
