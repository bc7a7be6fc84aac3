using System.Diagnostics;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>
/// When requests are due at a fixed mean rate: many clients that know nothing of one another, so the times between them follow the
/// exponential distribution. Seeded: the same in every run.
/// </summary>
internal sealed class Arrivals(double perSecond, int seed)
{
    private readonly Random _random = new(seed);
    private double _due;

    /// <summary>Ticks of the stopwatch from the beginning, ever later.</summary>
    public long Next()
    {
        _due += -Math.Log(1 - _random.NextDouble()) / perSecond;
        return (long)(_due * Stopwatch.Frequency);
    }
}
