namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>The system's clock with timers that run sooner: what a server waits for is waited for, only not as long.</summary>
/// <param name="factor">How many times as fast; at least 1.</param>
internal sealed class FastTimers(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private TimeSpan Sooner(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? wait : wait / factor;
}
