using System.Globalization;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>RFC 3339 times and named or numeric time zones.</summary>
internal static class Times
{
    public static bool TryParse(string text, out CelTimestamp time)
    {
        time = default;
        if (text.Length < 20 || text[10] is not ('T' or 't'))
        {
            return false;
        }
        var zone = text.AsSpan(19).IndexOfAny("Zz+-");
        var nanoseconds = 0;
        if (zone < 0 || (zone > 0 && !Fraction(text.AsSpan(19, zone), out nanoseconds)))
        {
            return false;
        }
        var whole = string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11, 8), text.AsSpan(19 + zone)).Replace('z', 'Z');
        if (!DateTimeOffset.TryParseExact(
            whole, "yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var second))
        {
            return false;
        }
        time = new CelTimestamp(second, nanoseconds);
        return true;
    }

    /// <summary>The time in a zone of the tz database ("Europe/Berlin") or at an offset ("+02:00").</summary>
    public static DateTimeOffset InZone(CelTimestamp time, string zone)
    {
        var offset = zone.TrimStart('+', '-');
        if (TimeSpan.TryParseExact(offset, @"hh\:mm", CultureInfo.InvariantCulture, out var span))
        {
            return time.Second.ToOffset(zone.StartsWith('-') ? -span : span);
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? TimeZoneInfo.ConvertTime(time.Second, found)
            : throw new CelException($"unknown time zone {zone}");
    }

    private static bool Fraction(ReadOnlySpan<char> text, out int nanoseconds)
    {
        nanoseconds = 0;
        return text.Length is > 1 and <= 10
            && text[0] == '.'
            && int.TryParse(text[1..].ToString().PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds);
    }
}
