namespace Slipway.Runtime;

/// <summary>Waits of base, twice the base, and so on up to the cap, each plus up to half of itself at random.</summary>
internal sealed class JitteredBackoff(TimeSpan @base, TimeSpan cap, TimeProvider clock, Random random)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        // 2^30 times any base is past any cap.
        var plain = Math.Min(cap.TotalMilliseconds, @base.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)));
        return TimeSpan.FromMilliseconds(plain * (1 + (random.NextDouble() / 2)));
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), clock, cancellationToken);
}
