using System.Net;

namespace Slipway.Runtime;

/// <summary>
/// The time for which a busy API server asked to be left alone (<c>Retry-After</c>). It asks one request and means the client: every request
/// waits for the end before it is sent. Waits longer than a minute are cut to that, for a proxy may name any.
/// </summary>
internal sealed class ServerPause(TimeProvider clock)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _end = clock.GetTimestamp();

    private TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                return clock.GetElapsedTime(clock.GetTimestamp(), _end);
            }
        }
    }

    /// <summary>Begins or lengthens the pause, if the answer is a refusal that asks for one.</summary>
    public void Heed(HttpResponseMessage answer)
    {
        if (DelayOf(answer) is not { } delay)
        {
            return;
        }

        var end = clock.GetTimestamp() + (long)((delay < Longest ? delay : Longest).TotalSeconds * clock.TimestampFrequency);
        lock (_gate)
        {
            _end = Math.Max(_end, end);
        }
    }

    /// <summary>Returns when there is no pause, or it is over.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Left is var left && left > TimeSpan.Zero)
        {
            // Timers count whole milliseconds: one that is rounded down would ring too early.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), clock, cancellationToken);
        }
    }

    private TimeSpan? DelayOf(HttpResponseMessage answer)
    {
        var isBusy = answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return isBusy && answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
    }
}
