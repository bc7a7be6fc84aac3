namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// When a request must be answered. The timer exists only once somebody waits, since most requests are answered before anything could wait.
/// </summary>
internal sealed class RequestDeadline(TimeSpan limit, TimeProvider clock, CancellationToken aborted) : IDisposable
{
    private readonly long _start = clock.GetTimestamp();
    private CancellationTokenSource? _timer;
    private CancellationTokenSource? _either;

    /// <summary>Cancelled at the deadline or when the client goes away.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_either is null)
            {
                var left = limit - clock.GetElapsedTime(_start);
                _timer = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
                _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
            }

            return _either.Token;
        }
    }

    public bool IsOver => _timer?.IsCancellationRequested ?? false;

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }
}
