using System.Numerics;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// Made-up rows with which a model is warmed up and measured before anybody asks. Row n is the same whichever rows stand beside it, so that
/// rows run together can be compared with rows run apart. Dynamic axes other than the first are taken as 1, for texts as 16 tokens.
/// </summary>
internal static class SampleRows
{
    // A model that states huge fixed axes would make a gigabyte of a single row.
    private const long MostElements = 64 << 20;

    // A single token would make a model that reads sentences look like one that is over at once.
    private const int TextLength = 16;

    /// <returns>Null when the call is filled, else why it cannot be.</returns>
    public static string? Fill(InferCall call, int firstRow, int rows)
    {
        for (var input = 0; input < call.Session.GraphInputs.Count; input++)
        {
            var spec = call.Session.GraphInputs[input];
            var shape = Shape(spec, rows, call.Session.Text is null ? 1 : TextLength);
            var count = shape.Aggregate(1L, static (product, axis) => product > MostElements ? product : product * axis);
            if (count > MostElements)
            {
                return $"{spec} is larger than {MostElements} elements";
            }

            var buffer = call.PrepareGraph(input, shape, (int)count);
            Fill(buffer, spec.Datatype, input, spec.Shape is [< 0, ..] ? firstRow : 0, rows);
        }

        return null;
    }

    private static long[] Shape(TensorSpec spec, int rows, int length) =>
        [.. spec.Shape.Select((axis, index) => axis >= 0 ? axis : index == 0 ? rows : length)];

    private static void Fill(TensorBuffer buffer, Datatype datatype, int input, int firstRow, int rows)
    {
        var first = buffer.Count / Math.Max(1, rows) * (long)firstRow;
        switch (datatype)
        {
            case Datatype.FP32: Fractions(buffer.Elements<float>(), input, first); break;
            case Datatype.FP64: Fractions(buffer.Elements<double>(), input, first); break;
            case Datatype.FP16: Fractions(buffer.Elements<Half>(), input, first); break;
            case Datatype.BF16: Halves(buffer.Elements<ushort>(), input, first); break;
            case Datatype.Bool: Bits(buffer.Bytes, 1, input, first); break;
            case Datatype.Bytes: Texts(buffer, input, first); break;
            default: Bits(buffer.Bytes, datatype.Size(), input, first); break;
        }
    }

    private static void Fractions<T>(Span<T> elements, int input, long first) where T : INumber<T>
    {
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = T.CreateTruncating(Hash(input, first + i) / (double)uint.MaxValue);
        }
    }

    // A bfloat16 is the upper half of a float.
    private static void Halves(Span<ushort> elements, int input, long first)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (ushort)(BitConverter.SingleToUInt32Bits(Hash(input, first + i) / (float)uint.MaxValue) >> 16);
        }
    }

    // Whole numbers are often indexes into small tables: 0 and 1 are in nearly all of them.
    private static void Bits(Span<byte> bytes, int size, int input, long first)
    {
        bytes.Clear();
        for (var i = 0; i * size < bytes.Length; i++)
        {
            bytes[i * size] = (byte)(Hash(input, first + i) & 1);
        }
    }

    private static void Texts(TensorBuffer buffer, int input, long first)
    {
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < buffer.Count; i++)
        {
            one[0] = (byte)('a' + (Hash(input, first + i) % 26));
            buffer.SetString(i, one);
        }
    }

    private static uint Hash(int input, long element)
    {
        var mixed = ((ulong)element + 1) * 0x9E3779B97F4A7C15 ^ ((ulong)input << 32);
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
        return (uint)(mixed >> 32);
    }
}
