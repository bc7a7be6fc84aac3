namespace Slipway.ModelServer.DataPlane;

/// <summary>Wakes those who wait for a change. Take <see cref="Next"/>, look at what may change, then wait: no change is missed.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = Unraised();

    /// <summary>Completes when <see cref="Raise"/> is called after this was read.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, Unraised()).SetResult();

    private static TaskCompletionSource Unraised() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
