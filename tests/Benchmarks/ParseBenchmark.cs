using System.Text.Json;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.Benchmarks;

/// <summary>Our number scanner against the framework's JSON reader, on a body of 32 × 30 floats.</summary>
internal static class ParseBenchmark
{
    private const int Rows = 32;
    private const int Turns = 2000;

    public static void Run()
    {
        var json = Bodies.Array(Rows);
        var floats = new float[Rows * Bodies.Width];
        var framework = Stopwatches.Fastest(Turns, () => WithFramework(json, floats));
        var ours = Stopwatches.Fastest(Turns, () => WithScanner(json, floats));
        Console.WriteLine($"parse: Utf8JsonReader.GetSingle takes {framework / ours:F2} times as long as the scanner ({Rows}x{Bodies.Width} FP32; {ours * 1e9 / floats.Length / Turns:F0} ns a float here)");
    }

    private static void WithFramework(byte[] json, float[] floats)
    {
        var reader = new Utf8JsonReader(json);
        var i = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                floats[i++] = reader.GetSingle();
            }
        }
    }

    private static void WithScanner(byte[] json, float[] floats)
    {
        var cursor = new JsonCursor(json);
        cursor.Take((byte)'[', "to begin");
        var i = 0;
        do
        {
            i += SingleParser.ParseRun(ref cursor, floats.AsSpan(i..^1));
            if (!SingleParser.TryParse(ref cursor, out floats[i++]))
            {
                throw cursor.Wrong("a number");
            }
        }
        while (cursor.TakeCommaOr((byte)']'));
    }
}
