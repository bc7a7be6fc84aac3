using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads a tensor's <c>data</c>, flat or nested as its shape, straight into the tensor's memory.</summary>
internal static class TensorData
{
    /// <param name="cursor">At the data; moved behind it.</param>
    /// <param name="text">How elements of BYTES are written.</param>
    /// <exception cref="ServingException">The data is not what datatype and shape say.</exception>
    public static void Read(ref JsonCursor cursor, ElementRange range, TextForm text)
    {
        switch (range.Spec.Datatype)
        {
            case Datatype.FP32: Read<float, SingleParser>(ref cursor, range); break;
            case Datatype.FP64: Read<double, DoubleParser>(ref cursor, range); break;
            case Datatype.Int64: Read<long, IntegerParser<long>>(ref cursor, range); break;
            case Datatype.Int32: Read<int, IntegerParser<int>>(ref cursor, range); break;
            case Datatype.Int16: Read<short, IntegerParser<short>>(ref cursor, range); break;
            case Datatype.Int8: Read<sbyte, IntegerParser<sbyte>>(ref cursor, range); break;
            case Datatype.UInt64: Read<ulong, IntegerParser<ulong>>(ref cursor, range); break;
            case Datatype.UInt32: Read<uint, IntegerParser<uint>>(ref cursor, range); break;
            case Datatype.UInt16: Read<ushort, IntegerParser<ushort>>(ref cursor, range); break;
            case Datatype.UInt8: Read<byte, IntegerParser<byte>>(ref cursor, range); break;
            case Datatype.Bool: Read<bool, BoolParser>(ref cursor, range); break;
            case Datatype.Bytes: ReadTexts(ref cursor, range, text); break;
            case Datatype.FP16 or Datatype.BF16:
                throw ServingException.Invalid(
                    $"Input {range.Spec} cannot be given as JSON: {range.Spec.Datatype.Name()} has no JSON form; send it in the binary form, with its parameter 'binary_data_size' and the header {BinaryHeader.Name}.");
            default: throw new ArgumentOutOfRangeException(nameof(range), range.Spec.Datatype, "has no reader");
        }
    }

    private static void Read<T, TParser>(ref JsonCursor cursor, ElementRange range)
        where T : unmanaged
        where TParser : struct, IElementParser<T>
    {
        var elements = range.Target.Elements<T>().Slice(range.First, range.Count);
        var levels = new DataLevels(range);
        var filled = 0;
        levels.Open(ref cursor);
        while (levels.NextRow(ref cursor, out var row))
        {
            for (var end = filled + row; filled < end; filled++)
            {
                cursor.SkipWhitespace();
                // The last of a row has no comma.
                filled += TParser.ParseRun(ref cursor, elements[filled..(end - 1)]);
                cursor.SkipWhitespace();
                if (!TParser.TryParse(ref cursor, out elements[filled]))
                {
                    throw BadElement(ref cursor, range, filled, TParser.Expected);
                }

                if (filled + 1 < end && !cursor.TryTake((byte)','))
                {
                    throw TooFew(ref cursor, range, filled + 1);
                }
            }
        }
    }

    private static void ReadTexts(ref JsonCursor cursor, ElementRange range, TextForm form)
    {
        var levels = new DataLevels(range);
        var filled = 0;
        levels.Open(ref cursor);
        while (levels.NextRow(ref cursor, out var row))
        {
            for (var end = filled + row; filled < end; filled++)
            {
                if (!TextElement.TryRead(ref cursor, form, range.Target, range.First + filled))
                {
                    throw BadElement(ref cursor, range, filled, TextElement.Expected(form));
                }

                if (filled + 1 < end && !cursor.TryTake((byte)','))
                {
                    throw TooFew(ref cursor, range, filled + 1);
                }
            }
        }
    }

    private static ServingException BadElement(ref JsonCursor cursor, ElementRange range, int index, string expected)
    {
        var next = cursor.Peek();
        if (next is (byte)']' or 0)
        {
            return TooFew(ref cursor, range, index);
        }

        if (next == '[')
        {
            return DataLevels.WrongNesting(range.Spec, range.Shape);
        }

        var rest = cursor.Rest;
        var end = rest.IndexOfAny(",]} \n"u8);
        return ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"Input {range.Spec}: element {index} must be {expected}, got {Quote.Of(end <= 0 ? rest[..Math.Min(rest.Length, 20)] : rest[..end])}."));
    }

    private static ServingException TooFew(ref JsonCursor cursor, ElementRange range, int count) => cursor.Peek() == ']'
        ? ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"Input {range.Spec}: the given shape {TensorSpec.Format(range.Shape)} takes {range.Count} elements, data or one of its rows ends after element {count}."))
        : cursor.Wrong("',' or ']'");
}
