namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>Wakes everybody who waits, once for each raise. Nobody is registered anywhere, so a waiter that leaves leaves nothing behind.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes at the next raise. Take it before looking at what may have changed.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
