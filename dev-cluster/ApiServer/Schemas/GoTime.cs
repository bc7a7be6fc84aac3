using System.Globalization;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Reads times as strictly as the API server does, and refuses others in its words.</summary>
internal static class GoTime
{
    private static readonly string[] ToTheSecond = ["2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00"];
    private static readonly string[] ToTheMicrosecond = [.. ToTheSecond[..^1], ".000000", "Z07:00"];

    /// <summary>What is wrong with a time; null for a good one. With <paramref name="micro"/> it must have six digits of a second's fraction.</summary>
    public static string? Problem(string text, bool micro)
    {
        var layout = micro ? ToTheMicrosecond : ToTheSecond;
        var at = 0;
        foreach (var element in layout)
        {
            var length = Length(element, text.AsSpan(at));
            if (length < 0)
            {
                return $"parsing time \"{text}\" as \"{string.Concat(layout)}\": cannot parse \"{text[at..]}\" as \"{element}\"";
            }

            at += length;
            if (element == "05" && !micro)
            {
                at += Fraction(text.AsSpan(at));
            }
        }

        return at < text.Length ? $"parsing time \"{text}\": extra text: \"{text[at..]}\""
            : OutOfRange(text) is { } what ? $"parsing time \"{text}\": {what} out of range"
            : null;
    }

    /// <summary>How much of the rest an element of the layout takes; negative when it does not fit.</summary>
    private static int Length(string element, ReadOnlySpan<char> rest) => element switch
    {
        "Z07:00" => rest is ['Z', ..] ? 1 : rest is ['+' or '-', _, _, ':', _, _, ..] && Digits(rest[1..3]) && Digits(rest[4..6]) ? 6 : -1,
        ".000000" => rest.Length > 6 && rest[0] == '.' && Digits(rest[1..7]) ? 7 : -1,
        _ when char.IsAsciiDigit(element[0]) => rest.Length >= element.Length && Digits(rest[..element.Length]) ? element.Length : -1,
        _ => rest.StartsWith(element, StringComparison.Ordinal) ? element.Length : -1,
    };

    /// <summary>A fraction is taken behind the seconds even where the layout has none.</summary>
    private static int Fraction(ReadOnlySpan<char> rest)
    {
        var digits = rest is ['.', ..] ? rest[1..].IndexOfAnyExceptInRange('0', '9') : 0;
        return digits > 0 ? digits + 1 : 0;
    }

    private static string? OutOfRange(string text)
    {
        var (year, month, day) = (Number(text, 0, 4), Number(text, 5, 2), Number(text, 8, 2));
        return month is < 1 or > 12 ? "month"
            : Number(text, 11, 2) > 23 ? "hour"
            : Number(text, 14, 2) > 59 ? "minute"
            : Number(text, 17, 2) > 59 ? "second"
            : day < 1 || day > DateTime.DaysInMonth(Math.Max(year, 1), month) ? "day"
            : null;
    }

    private static int Number(string text, int at, int length) => int.Parse(text.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool Digits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
