using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Writes JSON values.</summary>
internal static class JsonOut
{
    // The longest shortest-round-trip double is 24 characters, the longest 64-bit integer 20.
    private const int LongestNumber = 32;

    public static void Number<T>(PooledWriter writer, T value) where T : INumber<T>, IUtf8SpanFormattable
    {
        if (!value.TryFormat(writer.Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException($"A number of type {typeof(T).Name} is longer than {LongestNumber} characters.");
        }

        writer.Advance(written);
    }

    /// <param name="value">Finite.</param>
    public static void Number(PooledWriter writer, float value) =>
        writer.Advance(ShortestFloat.Write(value, writer.Room(ShortestFloat.MostBytes)));

    /// <summary>Writes a quoted string; <paramref name="utf8"/> must be valid UTF-8.</summary>
    public static void String(PooledWriter writer, ReadOnlySpan<byte> utf8)
    {
        writer.Write((byte)'"');
        var plain = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] is >= 0x20 and not (byte)'"' and not (byte)'\\')
            {
                continue;
            }

            writer.Write(utf8[plain..i]);
            Escape(writer, utf8[i]);
            plain = i + 1;
        }

        writer.Write(utf8[plain..]);
        writer.Write((byte)'"');
    }

    /// <inheritdoc cref="String(PooledWriter, ReadOnlySpan{byte})"/>
    public static void String(PooledWriter writer, string text)
    {
        const int OnStack = 256;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        String(writer, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    private static void Escape(PooledWriter writer, byte character)
    {
        switch (character)
        {
            case (byte)'"': writer.Write("\\\""u8); break;
            case (byte)'\\': writer.Write("\\\\"u8); break;
            case (byte)'\n': writer.Write("\\n"u8); break;
            case (byte)'\r': writer.Write("\\r"u8); break;
            case (byte)'\t': writer.Write("\\t"u8); break;
            default:
                writer.Write("\\u00"u8);
                Utf8Formatter.TryFormat(character, writer.Room(2), out var written, new('x', 2));
                writer.Advance(written);
                break;
        }
    }
}
