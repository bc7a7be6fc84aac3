using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.Benchmarks;

/// <summary>Request bodies, the same in every run.</summary>
internal static class Bodies
{
    public const int Width = 30;

    private const int Seed = 7;
    private const int VisionNumbers = 3 * 224 * 224;

    /// <summary>FP32 rows of thirty features.</summary>
    public static byte[] Tabular(int rows) => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},{{Width}}],"datatype":"FP32","data":[{{Numbers(rows * Width)}}]}]}""");

    /// <summary>The same rows as a binary tensor behind its JSON.</summary>
    public static (byte[] Body, int HeaderLength) TabularBinary(int rows) => Binary("x", $"{rows},{Width}", Floats(rows * Width));

    /// <summary>One row of thirty features as a ModelInferRequest with raw contents.</summary>
    public static byte[] TabularMessage()
    {
        var request = new ModelInferRequest
        {
            ModelName = "m",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, Width } } },
        };
        request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Floats(Width))));
        return request.ToByteArray();
    }

    /// <summary>Eight categories of one row for the recommender.</summary>
    public static byte[] Recommender() => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"ids","shape":[1,{{BenchModels.Categories}}],"datatype":"INT64","data":[{{string.Join(',', Enumerable.Range(1, BenchModels.Categories).Select(i => i * 1777))}}]}]}""");

    /// <summary>One image, its numbers in eight significant digits.</summary>
    public static byte[] Vision() => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"{{BenchModels.VisionInput}}","shape":[1,3,224,224],"datatype":"FP32","data":[{{string.Join(',', Doubles(VisionNumbers).Select(number => number.ToString("G8", CultureInfo.InvariantCulture)))}}]}]}""");

    /// <summary>The same image as a binary tensor.</summary>
    public static (byte[] Body, int HeaderLength) VisionBinary() => Binary(BenchModels.VisionInput, "1,3,224,224", Floats(VisionNumbers));

    /// <summary>Token ids for the encoder.</summary>
    public static byte[] Encoder() => Encoding.ASCII.GetBytes(
        $$"""{"inputs":[{"name":"ids","shape":[1,{{BenchModels.Tokens}}],"datatype":"INT64","data":[{{string.Join(',', Enumerable.Range(1, BenchModels.Tokens))}}]}]}""");

    public static byte[] Array(int rows) => Encoding.ASCII.GetBytes($"[{Numbers(rows * Width)}]");

    private static (byte[] Body, int HeaderLength) Binary(string input, string shape, float[] numbers)
    {
        var data = MemoryMarshal.AsBytes<float>(numbers).ToArray();
        var header = Encoding.ASCII.GetBytes(
            $$$"""{"inputs":[{"name":"{{{input}}}","shape":[{{{shape}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        return ([.. header, .. data], header.Length);
    }

    private static string Numbers(int count) =>
        string.Join(',', Floats(count).Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static float[] Floats(int count) => [.. Doubles(count).Select(number => (float)number)];

    private static double[] Doubles(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 200) - 100)];
    }
}
