using System.Globalization;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.Benchmarks;

/// <summary>Our float writer against the framework's formatting, on 32 × 30 floats.</summary>
internal static class FormatBenchmark
{
    private const int Count = 32 * Bodies.Width;
    private const int Seed = 11;
    private const int Turns = 2000;

    public static void Run()
    {
        var random = new Random(Seed);
        var floats = Enumerable.Range(0, Count).Select(_ => (float)((random.NextDouble() * 200) - 100)).ToArray();
        var room = new byte[64];
        var framework = Stopwatches.Fastest(Turns, () => WithFramework(floats, room));
        var ours = Stopwatches.Fastest(Turns, () => WithWriter(floats, room));
        Console.WriteLine($"format: Single.TryFormat takes {framework / ours:F2} times as long as the writer ({ours * 1e9 / Count / Turns:F0} ns a float here)");
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
