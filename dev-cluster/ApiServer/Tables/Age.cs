using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>How long ago something was, in the two most telling units, as people read it in a table: <c>45s</c>, <c>3m20s</c>, <c>5d</c>.</summary>
internal static class Age
{
    /// <summary>The age of an RFC 3339 time; <c>&lt;unknown&gt;</c> without one, <c>&lt;invalid&gt;</c> when it cannot be read.</summary>
    public static string Since(JsonNode? time, DateTimeOffset now)
    {
        string text = time?.ToString() ?? "";
        if (text.Length == 0)
        {
            return "<unknown>";
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset then)
            ? Text(now - then)
            : "<invalid>";
    }

    public static string Text(TimeSpan span)
    {
        long seconds = (long)span.TotalSeconds;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        return (seconds, minutes, hours) switch
        {
            ( < -1, _, _) => "<invalid>",
            ( < 0, _, _) => "0s",
            ( < 120, _, _) => Two(seconds, "s", 0, ""),
            (_, < 10, _) => Two(minutes, "m", seconds % 60, "s"),
            (_, < 180, _) => Two(minutes, "m", 0, ""),
            (_, _, < 8) => Two(hours, "h", minutes % 60, "m"),
            (_, _, < 48) => Two(hours, "h", 0, ""),
            (_, _, < 8 * 24) => Two(days, "d", hours % 24, "h"),
            (_, _, < 2 * 365 * 24) => Two(days, "d", 0, ""),
            (_, _, < 8 * 365 * 24) => Two(days / 365, "y", days % 365, "d"),
            _ => Two(days / 365, "y", 0, ""),
        };
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}{small}{smallUnit}");
}
