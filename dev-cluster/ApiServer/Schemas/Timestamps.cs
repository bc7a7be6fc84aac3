using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>The two forms in which built-in kinds hold points of time, always UTC.</summary>
internal static class Timestamps
{
    /// <summary>The schema format of times that are kept to the microsecond (leases, events).</summary>
    public const string MicroTimeFormat = "micro-time";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string FormatMicro(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'.'ffffff'Z'", CultureInfo.InvariantCulture);

    /// <returns>Null when the text is canonical already, or no time of that format.</returns>
    public static JsonValue? Canonical(string format, string text)
    {
        var (length, micro) = format switch { "date-time" => (20, false), MicroTimeFormat => (27, true), _ => (-1, false) };
        if (length < 0 || (text.Length == length && text[^1] == 'Z') ||
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return null;
        }

        return JsonValue.Create(micro ? FormatMicro(time) : Format(time));
    }
}
