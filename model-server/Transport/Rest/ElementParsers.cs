using System.Numerics;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads one element of a tensor's data. Implemented by structs, so that the loop over a row is compiled for each element type.</summary>
internal interface IElementParser<T>
{
    /// <summary>What an element is, for messages: "a whole number from 0 to 255".</summary>
    static abstract string Expected { get; }

    /// <param name="cursor">At the element's first byte; moved behind it on success.</param>
    /// <returns>False when this is no such element.</returns>
    static abstract bool TryParse(ref JsonCursor cursor, out T value);

    /// <summary>Reads elements that a comma follows, as many as can be read faster together.</summary>
    /// <param name="cursor">At an element's first byte; moved to the first byte of the next.</param>
    /// <returns>How many of <paramref name="elements"/> were read; 0 decides nothing.</returns>
    static virtual int ParseRun(ref JsonCursor cursor, Span<T> elements) => 0;
}

internal readonly struct SingleParser : IElementParser<float>
{
    public static string Expected => "a number in the range of FP32, or null for NaN";

    public static bool TryParse(ref JsonCursor cursor, out float value)
    {
#if READER_PARSING
        var length = ReaderParsing.ScanSingle(cursor.Rest, out value);
#else
        var length = NumberScanner.ScanSingle(cursor.Rest, out value);
#endif
        if (length == 0)
        {
            value = float.NaN;
            return cursor.TryTakeWord("null"u8);
        }

        cursor.Advance(length);
        return !float.IsInfinity(value);
    }

#if !READER_PARSING
    public static int ParseRun(ref JsonCursor cursor, Span<float> elements)
    {
        var read = FloatRun.Read(cursor.Rest, elements, out var length);
        cursor.Advance(length);
        return read;
    }
#endif
}

internal readonly struct DoubleParser : IElementParser<double>
{
    public static string Expected => "a number in the range of FP64, or null for NaN";

    public static bool TryParse(ref JsonCursor cursor, out double value)
    {
        var length = NumberScanner.ScanDouble(cursor.Rest, out value);
        if (length == 0)
        {
            value = double.NaN;
            return cursor.TryTakeWord("null"u8);
        }

        cursor.Advance(length);
        return !double.IsInfinity(value);
    }
}

internal readonly struct IntegerParser<T> : IElementParser<T> where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static string Expected => $"a whole number from {T.MinValue} to {T.MaxValue}";

    public static bool TryParse(ref JsonCursor cursor, out T value)
    {
        value = default;
        var length = NumberScanner.ScanInteger(cursor.Rest, out var magnitude, out var negative, out var fits);
        if (length == 0)
        {
            length = ScanWhole(cursor.Rest, out magnitude, out negative);
            fits = true;
        }

        if (length == 0 || !fits)
        {
            return false;
        }

        // The magnitude of the smallest value is one more than that of the largest; for unsigned types it is 0.
        var limit = ulong.CreateTruncating(T.MaxValue);
        limit = !negative ? limit : T.MinValue == T.Zero ? 0 : limit + 1;
        if (magnitude > limit)
        {
            return false;
        }

        value = T.CreateTruncating(negative ? unchecked(0 - magnitude) : magnitude);
        cursor.Advance(length);
        return true;
    }

    private static int ScanWhole(ReadOnlySpan<byte> text, out ulong magnitude, out bool negative)
    {
        magnitude = 0;
        var length = NumberScanner.ScanDecimal(text, out var parts);
        negative = parts.IsNegative;
        return length > 0 && WholeNumber.TryRead(text[..length], parts.Exponent, out magnitude) ? length : 0;
    }
}

internal readonly struct BoolParser : IElementParser<bool>
{
    public static string Expected => "true or false";

    public static bool TryParse(ref JsonCursor cursor, out bool value)
    {
        value = cursor.TryTakeWord("true"u8);
        return value || cursor.TryTakeWord("false"u8);
    }
}
