using System.Diagnostics;
using System.Globalization;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.Benchmarks;

/// <summary>Our float writer against the framework's formatting, on 32 × 30 floats.</summary>
internal static class FormatBenchmark
{
    private const int Count = 32 * Bodies.Width;
    private const int Seed = 11;
    private const int Turns = 2000;
    private const int Repeats = 7;

    public static void Run()
    {
        var random = new Random(Seed);
        var floats = Enumerable.Range(0, Count).Select(_ => (float)((random.NextDouble() * 200) - 100)).ToArray();
        var room = new byte[64];
        var framework = Fastest(() => WithFramework(floats, room));
        var ours = Fastest(() => WithWriter(floats, room));
        Console.WriteLine($"format: Single.TryFormat takes {framework / ours:F2} times as long as the writer ({ours * 1e9 / Count / Turns:F0} ns a float here)");
    }

    private static double Fastest(Action turn)
    {
        var fastest = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Turns; i++)
            {
                turn();
            }

            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return fastest;
    }

    private static void WithFramework(float[] floats, byte[] room)
    {
        foreach (var value in floats)
        {
            if (!value.TryFormat(room, out _, default, CultureInfo.InvariantCulture))
            {
                throw new InvalidOperationException("A float did not fit.");
            }
        }
    }

    private static void WithWriter(float[] floats, byte[] room)
    {
        foreach (var value in floats)
        {
            ShortestFloat.Write(value, room);
        }
    }
}
