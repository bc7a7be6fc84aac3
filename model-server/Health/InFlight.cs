namespace Slipway.ModelServer.Health;

/// <summary>Counts requests that were accepted and are not answered, and tells when there are none.</summary>
internal sealed class InFlight
{
    private long _count;
    private TaskCompletionSource? _idle;

    public long Count => Interlocked.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _idle)?.TrySetResult();
        }
    }

    /// <summary>Waits until no request is in flight, at most <paramref name="limit"/>.</summary>
    /// <returns>False when there were some all the time.</returns>
    public async Task<bool> IsIdleWithinAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _idle, idle);
        if (Count == 0)
        {
            return true;
        }

        try
        {
            await idle.Task.WaitAsync(limit, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
