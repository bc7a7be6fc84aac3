using System.Diagnostics;

namespace Slipway.Benchmarks;

/// <summary>Times code that is too short for one look at the clock.</summary>
internal static class Stopwatches
{
    private const int Repeats = 7;

    /// <summary>Seconds of <paramref name="turns"/> turns in the fastest of a few repeats: the one that the machine disturbed least.</summary>
    public static double Fastest(int turns, Action turn)
    {
        var fastest = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < turns; i++)
            {
                turn();
            }

            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return fastest;
    }
}
