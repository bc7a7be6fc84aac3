using System.Globalization;
using System.Text;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The escapes of JSON strings.</summary>
internal static class JsonStrings
{
    /// <param name="raw">Content between quotes whose escapes are well-formed.</param>
    /// <returns>UTF-8; null when an escaped surrogate stands alone.</returns>
    public static byte[]? Unescape(ReadOnlySpan<byte> raw)
    {
        var result = new byte[raw.Length];
        var used = 0;
        while (!raw.IsEmpty)
        {
            if (raw[0] != '\\')
            {
                result[used++] = raw[0];
                raw = raw[1..];
            }
            else if (raw[1] != 'u')
            {
                result[used++] = raw[1] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var itself => itself,
                };
                raw = raw[2..];
            }
            else if (TryRune(ref raw, out var rune))
            {
                used += rune.EncodeToUtf8(result.AsSpan(used));
            }
            else
            {
                return null;
            }
        }

        return result[..used];
    }

    private static bool TryRune(ref ReadOnlySpan<byte> raw, out Rune rune)
    {
        var first = Unit(raw);
        raw = raw[6..];
        if (!char.IsHighSurrogate(first))
        {
            return Rune.TryCreate(first, out rune);
        }

        rune = default;
        if (raw.Length < 6 || raw[0] != '\\' || raw[1] != 'u')
        {
            return false;
        }

        var second = Unit(raw);
        raw = raw[6..];
        return Rune.TryCreate(first, second, out rune);
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
