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

    /// <summary>Completes as soon as no request is in flight.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _idle, idle);
        if (Count == 0)
        {
            idle.TrySetResult();
        }

        return idle.Task.WaitAsync(cancellationToken);
    }
}
