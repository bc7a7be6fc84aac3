using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Writes the answer of an infer request.</summary>
internal static class InferResponseWriter
{
    /// <param name="id">The request's id as it stood there, with quotes; empty when it had none.</param>
    /// <exception cref="ServingException">An output has no JSON form.</exception>
    public static void Write(PooledWriter writer, ModelVersion target, ReadOnlySpan<byte> id, InferResult result)
    {
        writer.Write("{\"model_name\":"u8);
        JsonOut.String(writer, Encoding.UTF8.GetBytes(target.Model));
        writer.Write(",\"model_version\":"u8);
        JsonOut.String(writer, Encoding.UTF8.GetBytes(target.Version));
        if (!id.IsEmpty)
        {
            writer.Write(",\"id\":"u8);
            writer.Write(id);
        }

        writer.Write(",\"outputs\":["u8);
        for (var i = 0; i < result.Count; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            WriteTensor(writer, result.Output(i));
        }

        writer.Write("]}"u8);
    }

    private static void WriteTensor(PooledWriter writer, OutputTensor output)
    {
        var spec = output.Spec;
        writer.Write("{\"name\":"u8);
        JsonOut.String(writer, spec.Utf8Name);
        writer.Write(",\"datatype\":\""u8);
        writer.Write(spec.Datatype.Utf8Name());
        writer.Write("\",\"shape\":["u8);
        var shape = output.Shape;
        for (var i = 0; i < shape.Length; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            JsonOut.Number(writer, shape[i]);
        }

        writer.Write((byte)']');
        WriteColumns(writer, spec);
        writer.Write(",\"data\":["u8);
        WriteData(writer, spec, output);
        writer.Write("]}"u8);
    }

    private static void WriteColumns(PooledWriter writer, TensorSpec spec)
    {
        if (spec.ColumnsJson.Length > 0)
        {
            writer.Write(",\"parameters\":{\"columns\":"u8);
            JsonOut.String(writer, Encoding.UTF8.GetBytes(spec.ColumnsJson));
            writer.Write((byte)'}');
        }
    }

    private static void WriteData(PooledWriter writer, TensorSpec spec, OutputTensor output)
    {
        switch (spec.Datatype)
        {
            case Datatype.FP32: WriteFloats(writer, spec, output.Elements<float>()); break;
            case Datatype.FP64: WriteFloats(writer, spec, output.Elements<double>()); break;
            case Datatype.Int64: WriteIntegers(writer, output.Elements<long>()); break;
            case Datatype.Int32: WriteIntegers(writer, output.Elements<int>()); break;
            case Datatype.Int16: WriteIntegers(writer, output.Elements<short>()); break;
            case Datatype.Int8: WriteIntegers(writer, output.Elements<sbyte>()); break;
            case Datatype.UInt64: WriteIntegers(writer, output.Elements<ulong>()); break;
            case Datatype.UInt32: WriteIntegers(writer, output.Elements<uint>()); break;
            case Datatype.UInt16: WriteIntegers(writer, output.Elements<ushort>()); break;
            case Datatype.UInt8: WriteIntegers(writer, output.Elements<byte>()); break;
            case Datatype.Bool: WriteBools(writer, output.Elements<bool>()); break;
            case Datatype.Bytes: WriteStrings(writer, spec, output); break;
            case Datatype.FP16 or Datatype.BF16:
                throw ServingException.Invalid($"Output {spec} cannot be answered as JSON: {spec.Datatype.Name()} has no JSON form; ask for other outputs.");
            default: throw new ArgumentOutOfRangeException(nameof(spec), spec.Datatype, "has no writer");
        }
    }

    private static void WriteFloats<T>(PooledWriter writer, TensorSpec spec, ReadOnlySpan<T> elements)
        where T : IFloatingPointIeee754<T>, IUtf8SpanFormattable
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            if (T.IsFinite(elements[i]))
            {
                JsonOut.Number(writer, elements[i]);
            }
            else if (T.IsNaN(elements[i]))
            {
                writer.Write("null"u8);
            }
            else
            {
                throw new ServingException(ErrorCode.Internal, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Output {spec} holds {(T.IsNegative(elements[i]) ? "-" : "")}Infinity at element {i}, which JSON cannot carry; look at the input's scale, or ask for other outputs."));
            }
        }
    }

    private static void WriteIntegers<T>(PooledWriter writer, ReadOnlySpan<T> elements) where T : IBinaryInteger<T>
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            JsonOut.Number(writer, elements[i]);
        }
    }

    private static void WriteBools(PooledWriter writer, ReadOnlySpan<bool> elements)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            writer.Write(elements[i] ? "true"u8 : "false"u8);
        }
    }

    private static void WriteStrings(PooledWriter writer, TensorSpec spec, OutputTensor output)
    {
        for (var i = 0; i < output.Count; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            var utf8 = output.Text(i);
            if (!Utf8.IsValid(utf8))
            {
                throw new ServingException(ErrorCode.Internal, string.Create(
                    CultureInfo.InvariantCulture, $"Output {spec} holds bytes at element {i} that are no UTF-8 text, which JSON cannot carry."));
            }

            JsonOut.String(writer, utf8);
        }
    }
}
