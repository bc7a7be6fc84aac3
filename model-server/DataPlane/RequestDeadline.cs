namespace Slipway.ModelServer.DataPlane;

/// <summary>
/// When a request must be answered. The timer exists only once somebody waits, since most requests are answered before anything could wait.
/// </summary>
internal sealed class RequestDeadline(TimeSpan limit, TimeProvider clock, CancellationToken aborted) : IDisposable
{
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _limit = limit;
    private CancellationTokenSource? _timer;
    private CancellationTokenSource? _either;

    /// <summary>Cancelled at the deadline or when the client goes away.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_either is null)
            {
                _timer = new CancellationTokenSource(Left, clock);
                _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
            }

            return _either.Token;
        }
    }

    /// <summary>From the request's start.</summary>
    public TimeSpan Limit => _limit;

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Never negative.</summary>
    public TimeSpan Left => _limit - Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // A timer may come a moment before its time, and when the limit is shortened a moment after it.
    public bool IsOver => Elapsed >= _limit || (_timer?.IsCancellationRequested ?? false);

    /// <summary>Whether nobody waits for the answer any more: it is too late, or the client went away.</summary>
    public bool IsPointless => aborted.IsCancellationRequested || IsOver;

    /// <summary>Takes what the client asked for, when it is less than what the server allows.</summary>
    public void Shorten(TimeSpan limit)
    {
        if (limit >= _limit)
        {
            return;
        }

        _limit = limit;
        _timer?.CancelAfter(Left);
    }

    /// <summary>What a client is told when its request was waited for until the deadline.</summary>
    public ServingException Missed(OperationCanceledException wait) =>
        new(ErrorCode.TooSlow, $"The request did not arrive within {Limit.TotalSeconds} s; send it at once.", wait);

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }
}
