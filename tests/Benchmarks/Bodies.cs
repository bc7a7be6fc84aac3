using System.Globalization;
using System.Text;

namespace Slipway.Benchmarks;

/// <summary>Request bodies of FP32 rows of thirty features, the same in every run.</summary>
internal static class Bodies
{
    public const int Width = 30;

    private const int Seed = 7;

    public static byte[] Infer(int rows) => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},{{Width}}],"datatype":"FP32","data":[{{Numbers(rows * Width)}}]}]}""");

    public static byte[] Array(int rows) => Encoding.ASCII.GetBytes($"[{Numbers(rows * Width)}]");

    private static string Numbers(int count)
    {
        var random = new Random(Seed);
        return string.Join(',', Enumerable.Range(0, count).Select(_ => ((float)((random.NextDouble() * 200) - 100)).ToString("R", CultureInfo.InvariantCulture)));
    }
}
