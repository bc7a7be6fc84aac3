using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Unicode;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Writes elements of outputs as JSON values with commas between them.</summary>
internal static class TensorJson
{
    /// <param name="text">How elements of BYTES are written.</param>
    /// <exception cref="ServingException">An element has no JSON form.</exception>
    public static void Write(PooledWriter writer, OutputTensor output, Range range, TextForm text)
    {
        switch (output.Spec.Datatype)
        {
            case Datatype.FP32: WriteFloats(writer, output, output.Elements<float>()[range], range.Start.Value); break;
            case Datatype.FP64: WriteFloats(writer, output, output.Elements<double>()[range], range.Start.Value); break;
            case Datatype.Int64: WriteIntegers(writer, output.Elements<long>()[range]); break;
            case Datatype.Int32: WriteIntegers(writer, output.Elements<int>()[range]); break;
            case Datatype.Int16: WriteIntegers(writer, output.Elements<short>()[range]); break;
            case Datatype.Int8: WriteIntegers(writer, output.Elements<sbyte>()[range]); break;
            case Datatype.UInt64: WriteIntegers(writer, output.Elements<ulong>()[range]); break;
            case Datatype.UInt32: WriteIntegers(writer, output.Elements<uint>()[range]); break;
            case Datatype.UInt16: WriteIntegers(writer, output.Elements<ushort>()[range]); break;
            case Datatype.UInt8: WriteIntegers(writer, output.Elements<byte>()[range]); break;
            case Datatype.Bool: WriteBools(writer, output.Elements<bool>()[range]); break;
            case Datatype.Bytes: WriteTexts(writer, output, range, text); break;
            default: throw new ArgumentOutOfRangeException(nameof(output), output.Spec.Datatype, "has no writer");
        }
    }

    private static void WriteFloats<T>(PooledWriter writer, OutputTensor output, ReadOnlySpan<T> elements, int first)
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
                if (typeof(T) == typeof(float))
                {
                    JsonOut.Number(writer, float.CreateTruncating(elements[i]));
                }
                else
                {
                    JsonOut.Number(writer, elements[i]);
                }
            }
            else if (T.IsNaN(elements[i]))
            {
                writer.Write("null"u8);
            }
            else
            {
                throw new ServingException(ErrorCode.Internal, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Output {output.Spec} holds {(T.IsNegative(elements[i]) ? "-" : "")}Infinity at element {first + i}, which JSON cannot carry; look at the input's scale, or ask for the output in the binary form, with its parameter 'binary_data'."));
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

    private static void WriteTexts(PooledWriter writer, OutputTensor output, Range range, TextForm form)
    {
        var (first, count) = range.GetOffsetAndLength(output.Count);
        for (var i = first; i < first + count; i++)
        {
            if (i > first)
            {
                writer.Write((byte)',');
            }

            var bytes = output.Text(i);
            if (form == TextForm.Base64)
            {
                WriteBase64(writer, bytes);
            }
            else if (Utf8.IsValid(bytes))
            {
                JsonOut.String(writer, bytes);
            }
            else if (form == TextForm.Marked)
            {
                writer.Write("{\"b64\":"u8);
                WriteBase64(writer, bytes);
                writer.Write((byte)'}');
            }
            else
            {
                throw new ServingException(ErrorCode.Internal, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Output {output.Spec} holds bytes at element {i} that are no UTF-8 text, which JSON cannot carry; ask for the output in the binary form, with its parameter 'binary_data', or as base64, with its parameter 'content_type': 'base64'."));
            }
        }
    }

    private static void WriteBase64(PooledWriter writer, ReadOnlySpan<byte> bytes)
    {
        var room = Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        writer.Write((byte)'"');
        if (Base64.EncodeToUtf8(bytes, writer.Room(room), out _, out var written) != OperationStatus.Done)
        {
            throw new InvalidOperationException($"{bytes.Length} bytes take more than {room} characters of base64.");
        }

        writer.Advance(written);
        writer.Write((byte)'"');
    }
}
