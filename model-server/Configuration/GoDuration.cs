using System.Buffers;
using System.Globalization;

namespace Slipway.ModelServer.Configuration;

/// <summary>Durations as Kubernetes users write them: <c>500us</c>, <c>1.5s</c>, <c>1h30m</c>.</summary>
internal static class GoDuration
{
    // Longer units first, so that "ms" is not read as minutes.
    private static readonly (string Name, double Ticks)[] Units =
    [
        ("ns", TimeSpan.TicksPerMicrosecond / 1000.0),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("µs", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    /// <summary>Takes what is not negative and at most a hundred days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        double ticks = 0;
        var rest = text.AsSpan();
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Number);
            if (digits <= 0
                || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || !TryUnit(rest[digits..], out var unit))
            {
                return text == "0";
            }

            ticks += value * unit.Ticks;
            rest = rest[(digits + unit.Name.Length)..];
        }

        if (ticks > TimeSpan.FromDays(100).Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>In the largest unit that gives a whole number; what is finer than a microsecond is left out.</summary>
    public static string Format(TimeSpan duration)
    {
        var microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds switch
        {
            0 => "0s",
            _ when microseconds % 3_600_000_000 == 0 => Text(microseconds / 3_600_000_000, "h"),
            _ when microseconds % 60_000_000 == 0 => Text(microseconds / 60_000_000, "m"),
            _ when microseconds % 1_000_000 == 0 => Text(microseconds / 1_000_000, "s"),
            _ when microseconds % 1_000 == 0 => Text(microseconds / 1_000, "ms"),
            _ => Text(microseconds, "us"),
        };
    }

    private static string Text(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static bool TryUnit(ReadOnlySpan<char> text, out (string Name, double Ticks) unit)
    {
        foreach (var candidate in Units)
        {
            if (text.StartsWith(candidate.Name, StringComparison.Ordinal))
            {
                unit = candidate;
                return true;
            }
        }

        unit = default;
        return false;
    }
}
