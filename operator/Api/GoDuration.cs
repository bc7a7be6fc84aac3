using System.Buffers;
using System.Globalization;

namespace Slipway.Api;

/// <summary>
/// Durations as Go and Kubernetes write them: <c>500us</c>, <c>1m30s</c>, <c>1.5h</c>. Units: ns, us, ms, s, m, h.
/// A value finer than 100 ns is rounded down to a tick.
/// </summary>
public static class GoDuration
{
    /// <summary>Schema pattern: at least one number with a unit, no sign.</summary>
    public const string Pattern = "^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+$";

    /// <summary>Longest text that is read; longer ones are refused.</summary>
    public const int MaxLength = 32;

    /// <exception cref="FormatException">The text is not a duration.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a duration such as 500ms, 30s or 1h30m.");

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan();
        if (rest.IsEmpty || rest.Length > MaxLength)
        {
            return false;
        }

        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Number);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            if (!TryTakeUnit(ref rest, out var unit) || number > (TimeSpan.MaxValue.Ticks - ticks) / unit)
            {
                return false;
            }

            ticks += number * unit;
        }

        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        foreach (var (name, value) in Units)
        {
            if (rest.StartsWith(name, StringComparison.Ordinal))
            {
                ticks = value;
                rest = rest[name.Length..];
                return true;
            }
        }

        ticks = 0;
        return false;
    }

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    // Longer names first: "ms" would otherwise be read as minutes.
    private static readonly (string Name, decimal Ticks)[] Units =
    [
        ("ns", 0.01m),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];
}
