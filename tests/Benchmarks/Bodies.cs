using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Benchmarks;

/// <summary>Request bodies, the same in every run.</summary>
internal static class Bodies
{
    public const int Width = 30;

    private const int Seed = 7;

    /// <summary>FP32 rows of thirty features.</summary>
    public static byte[] Tabular(int rows) => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},{{Width}}],"datatype":"FP32","data":[{{Numbers(rows * Width)}}]}]}""");

    /// <summary>The same rows as a binary tensor behind its JSON.</summary>
    public static (byte[] Body, int HeaderLength) TabularBinary(int rows)
    {
        var data = MemoryMarshal.AsBytes<float>(Floats(rows * Width)).ToArray();
        var header = Encoding.ASCII.GetBytes(
            $$$"""{"inputs":[{"name":"x","shape":[{{{rows}}},{{{Width}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        return ([.. header, .. data], header.Length);
    }

    /// <summary>Token ids for the encoder.</summary>
    public static byte[] Encoder() => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"ids","shape":[1,{{BenchModels.Tokens}}],"datatype":"INT64","data":[{{string.Join(',', Enumerable.Range(1, BenchModels.Tokens))}}]}]}""");

    public static byte[] Array(int rows) => Encoding.ASCII.GetBytes($"[{Numbers(rows * Width)}]");

    private static string Numbers(int count) =>
        string.Join(',', Floats(count).Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static float[] Floats(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 200) - 100))];
    }
}
