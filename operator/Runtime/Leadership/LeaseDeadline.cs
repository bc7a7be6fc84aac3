namespace Slipway.Runtime;

/// <summary>
/// Until when this process may write: <c>renewDeadline</c> after it sent the last renewal that succeeded, by the monotonic clock. Nobody else
/// takes the lease before <c>leaseDuration</c>, which is longer, has passed since the API server got that renewal.
/// </summary>
internal sealed class LeaseDeadline(TimeSpan renewDeadline, TimeProvider clock) : IWriteGuard
{
    private const long NotHeld = long.MinValue;

    private long _sent = NotHeld;

    /// <summary>The time left; zero when the lease is not held or the deadline has passed.</summary>
    public TimeSpan Left
    {
        get
        {
            var sent = Interlocked.Read(ref _sent);
            var left = sent == NotHeld ? TimeSpan.Zero : renewDeadline - clock.GetElapsedTime(sent);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <param name="sent">The clock's timestamp from before the renewal was sent.</param>
    public void Renewed(long sent) => Interlocked.Exchange(ref _sent, sent);

    /// <summary>Nothing may be written from now on.</summary>
    public void End() => Interlocked.Exchange(ref _sent, NotHeld);

    public void Check(string request)
    {
        if (Left == TimeSpan.Zero)
        {
            throw new NotLeaderException($"{request} was not sent: this process does not hold the lease, or did not renew it within {renewDeadline}.");
        }
    }
}
