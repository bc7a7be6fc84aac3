namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>A wall clock that somebody sets. The monotonic clock and timers, which nobody can set, go on.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _offset;

    public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));
}
