using System.Buffers;
using System.Numerics;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Writes the elements of an output as typed contents.</summary>
internal static class ContentsWriter
{
    // Elements of ten bytes at most that are written between two looks for room.
    private const int Stride = 256;
    private const int LongestVarint = 10;

    /// <summary>Bytes of the content of <c>contents</c>; 0 when the output has no elements.</summary>
    public static long Size(OutputTensor output)
    {
        if (output.Count == 0)
        {
            return 0;
        }

        if (output.Spec.Datatype != Datatype.Bytes)
        {
            return ProtoOut.FieldSize(PackedSize(output));
        }

        long size = 0;
        for (var i = 0; i < output.Count; i++)
        {
            size += ProtoOut.FieldSize(output.Text(i).Length);
        }

        return size;
    }

    public static void Write(IBufferWriter<byte> writer, OutputTensor output)
    {
        var field = TensorContents.Field(output.Spec.Datatype);
        if (output.Spec.Datatype == Datatype.Bytes)
        {
            for (var i = 0; i < output.Count; i++)
            {
                ProtoOut.Bytes(writer, field, output.Text(i));
            }

            return;
        }

        ProtoOut.Begin(writer, field, PackedSize(output));
        switch (output.Spec.Datatype)
        {
            case Datatype.FP32 or Datatype.FP64 or Datatype.Bool: writer.Write(output.Bytes); break;
            case Datatype.Int8: WriteIntegers(writer, output.Elements<sbyte>()); break;
            case Datatype.Int16: WriteIntegers(writer, output.Elements<short>()); break;
            case Datatype.Int32: WriteIntegers(writer, output.Elements<int>()); break;
            case Datatype.Int64: WriteIntegers(writer, output.Elements<long>()); break;
            case Datatype.UInt8: WriteIntegers(writer, output.Elements<byte>()); break;
            case Datatype.UInt16: WriteIntegers(writer, output.Elements<ushort>()); break;
            case Datatype.UInt32: WriteIntegers(writer, output.Elements<uint>()); break;
            case Datatype.UInt64: WriteIntegers(writer, output.Elements<ulong>()); break;
            default: throw NoForm(output);
        }
    }

    private static long PackedSize(OutputTensor output) => output.Spec.Datatype switch
    {
        Datatype.FP32 or Datatype.FP64 or Datatype.Bool => (long)output.Count * output.Spec.Datatype.Size(),
        Datatype.Int8 => IntegersSize(output.Elements<sbyte>()),
        Datatype.Int16 => IntegersSize(output.Elements<short>()),
        Datatype.Int32 => IntegersSize(output.Elements<int>()),
        Datatype.Int64 => IntegersSize(output.Elements<long>()),
        Datatype.UInt8 => IntegersSize(output.Elements<byte>()),
        Datatype.UInt16 => IntegersSize(output.Elements<ushort>()),
        Datatype.UInt32 => IntegersSize(output.Elements<uint>()),
        Datatype.UInt64 => IntegersSize(output.Elements<ulong>()),
        _ => throw NoForm(output),
    };

    private static long IntegersSize<T>(ReadOnlySpan<T> elements) where T : unmanaged, IBinaryInteger<T>
    {
        long size = 0;
        foreach (var element in elements)
        {
            size += ProtoOut.VarintSize(ulong.CreateTruncating(element));
        }

        return size;
    }

    // A negative number goes out with its sign over all 64 bits, in 32-bit fields too.
    private static void WriteIntegers<T>(IBufferWriter<byte> writer, ReadOnlySpan<T> elements) where T : unmanaged, IBinaryInteger<T>
    {
        while (!elements.IsEmpty)
        {
            var some = elements[..Math.Min(Stride, elements.Length)];
            var room = writer.GetSpan(Stride * LongestVarint);
            var used = 0;
            foreach (var element in some)
            {
                used += ProtoOut.Varint(room[used..], ulong.CreateTruncating(element));
            }

            writer.Advance(used);
            elements = elements[some.Length..];
        }
    }

    private static InvalidOperationException NoForm(OutputTensor output) => new($"{output.Spec} has no typed form.");
}
