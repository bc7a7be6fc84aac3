using System.Text;

namespace Slipway.ModelServer.DataPlane;

/// <summary>Puts what a client sent into a message: in single quotes, at most 64 characters, nothing that breaks a line of a log.</summary>
internal static class Quote
{
    private const int Longest = 64;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        // A character takes at most four bytes, so no more than this can be shown.
        var shown = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (Longest + 1) * 4)]);
        return Of(shown);
    }

    public static string Of(string text)
    {
        var kept = text.Length > Longest ? text[..Longest] : text;
        var clean = string.Create(kept.Length, kept, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
        return text.Length > Longest ? $"'{clean}…'" : $"'{clean}'";
    }
}
