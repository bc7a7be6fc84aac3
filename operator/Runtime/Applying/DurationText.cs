using System.Buffers;
using System.Globalization;

namespace Slipway.Runtime;

/// <summary>Durations as Go and Prometheus write them: <c>1h30m</c>, <c>250ms</c>, <c>1.5s</c>, <c>2d</c>.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1e3m), ("µs", 1e3m), ("ms", 1e6m), ("s", 1e9m), ("m", 60e9m), ("h", 3600e9m), ("d", 86400e9m), ("w", 604800e9m), ("y", 31536000e9m),
    ];

    /// <param name="nanoseconds">The value, when the whole text is a duration.</param>
    public static bool TryParse(string text, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        // Longer than any duration that a human writes, and far from overflow.
        if (text.Length is 0 or > 32)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e12m)
            {
                return text == "0";
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            if (!TryUnit(unit, out var length))
            {
                return false;
            }

            nanoseconds += number * length;
            rest = rest[unit.Length..];
        }

        return true;
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out decimal nanoseconds)
    {
        foreach (var (unit, length) in Units)
        {
            if (text.SequenceEqual(unit))
            {
                nanoseconds = length;
                return true;
            }
        }

        nanoseconds = 0;
        return false;
    }
}
