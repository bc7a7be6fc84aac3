using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads a tensor's <c>data</c>, flat or nested as its shape, straight into the tensor's memory.</summary>
internal static class TensorData
{
    /// <param name="cursor">At the data; moved behind it.</param>
    /// <exception cref="ServingException">The data is not what datatype and shape say.</exception>
    public static void Read(ref JsonCursor cursor, TensorSpec spec, TensorBuffer target)
    {
        switch (spec.Datatype)
        {
            case Datatype.FP32: Read<float, SingleParser>(ref cursor, spec, target); break;
            case Datatype.FP64: Read<double, DoubleParser>(ref cursor, spec, target); break;
            case Datatype.Int64: Read<long, IntegerParser<long>>(ref cursor, spec, target); break;
            case Datatype.Int32: Read<int, IntegerParser<int>>(ref cursor, spec, target); break;
            case Datatype.Int16: Read<short, IntegerParser<short>>(ref cursor, spec, target); break;
            case Datatype.Int8: Read<sbyte, IntegerParser<sbyte>>(ref cursor, spec, target); break;
            case Datatype.UInt64: Read<ulong, IntegerParser<ulong>>(ref cursor, spec, target); break;
            case Datatype.UInt32: Read<uint, IntegerParser<uint>>(ref cursor, spec, target); break;
            case Datatype.UInt16: Read<ushort, IntegerParser<ushort>>(ref cursor, spec, target); break;
            case Datatype.UInt8: Read<byte, IntegerParser<byte>>(ref cursor, spec, target); break;
            case Datatype.Bool: Read<bool, BoolParser>(ref cursor, spec, target); break;
            case Datatype.Bytes: ReadStrings(ref cursor, spec, target); break;
            case Datatype.FP16 or Datatype.BF16:
                throw ServingException.Invalid($"Input {spec} cannot be given as JSON: {spec.Datatype.Name()} has no JSON form.");
            default: throw new ArgumentOutOfRangeException(nameof(spec), spec.Datatype, "has no reader");
        }
    }

    private static void Read<T, TParser>(ref JsonCursor cursor, TensorSpec spec, TensorBuffer target)
        where T : unmanaged
        where TParser : struct, IElementParser<T>
    {
        var elements = target.Elements<T>();
        var levels = new DataLevels(target.Shape);
        var filled = 0;
        levels.Open(ref cursor, spec, target);
        while (levels.NextRow(ref cursor, spec, target, out var row))
        {
            for (var end = filled + row; filled < end; filled++)
            {
                cursor.SkipWhitespace();
                if (!TParser.TryParse(ref cursor, out elements[filled]))
                {
                    throw BadElement(ref cursor, spec, target, filled, TParser.Expected);
                }

                if (filled + 1 < end && !cursor.TryTake((byte)','))
                {
                    throw TooFew(ref cursor, spec, target, filled + 1);
                }
            }
        }
    }

    private static void ReadStrings(ref JsonCursor cursor, TensorSpec spec, TensorBuffer target)
    {
        var levels = new DataLevels(target.Shape);
        var filled = 0;
        levels.Open(ref cursor, spec, target);
        while (levels.NextRow(ref cursor, spec, target, out var row))
        {
            for (var end = filled + row; filled < end; filled++)
            {
                if (cursor.Peek() != '"')
                {
                    throw BadElement(ref cursor, spec, target, filled, "a string");
                }

                target.SetString(filled, cursor.TakeString("to begin a string"));
                if (filled + 1 < end && !cursor.TryTake((byte)','))
                {
                    throw TooFew(ref cursor, spec, target, filled + 1);
                }
            }
        }
    }

    private static ServingException BadElement(ref JsonCursor cursor, TensorSpec spec, TensorBuffer target, int index, string expected)
    {
        var next = cursor.Peek();
        if (next is (byte)']' or 0)
        {
            return TooFew(ref cursor, spec, target, index);
        }

        if (next == '[')
        {
            return DataLevels.WrongNesting(spec, target.Shape);
        }

        var rest = cursor.Rest;
        var end = rest.IndexOfAny(",]} \n"u8);
        return ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"Input {spec}: element {index} must be {expected}, got {Quote.Of(end <= 0 ? rest[..Math.Min(rest.Length, 20)] : rest[..end])}."));
    }

    private static ServingException TooFew(ref JsonCursor cursor, TensorSpec spec, TensorBuffer target, int count) => cursor.Peek() == ']'
        ? ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"Input {spec}: the given shape {TensorSpec.Format(target.Shape)} takes {target.Count} elements, data or one of its rows ends after element {count}."))
        : cursor.Wrong("',' or ']'");
}
