using Slipway.DevCluster.ApiServer.CustomResources;
using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary><c>duration()</c>, <c>timestamp()</c> and their parts. Without a zone, parts of a time are in UTC.</summary>
internal static class TimeFunctions
{
    public static IEnumerable<Overload> All =>
    [
        new("duration", false, [Text], Duration, a => Durations.TryParseGo((string)a[0]!, out var nanoseconds)
            ? new CelDuration(nanoseconds) : throw new CelException($"time: invalid duration {GoText.Quote((string)a[0]!)}")),
        new("duration", false, [Duration], Duration, a => a[0]),
        new("duration", false, [Int], Duration, a => new CelDuration((long)a[0]!)),
        new("timestamp", false, [Text], Timestamp, a => Times.TryParse((string)a[0]!, out var time)
            ? time : throw new CelException($"parsing time {GoText.Quote((string)a[0]!)}: invalid timestamp")),
        new("timestamp", false, [Timestamp], Timestamp, a => a[0]),
        new("timestamp", false, [Int], Timestamp, a => FromUnix((long)a[0]!)),
        .. Part("getFullYear", time => time.Year), .. Part("getMonth", time => time.Month - 1), .. Part("getDate", time => time.Day),
        .. Part("getDayOfMonth", time => time.Day - 1), .. Part("getDayOfWeek", time => (int)time.DayOfWeek),
        .. Part("getDayOfYear", time => time.DayOfYear - 1), .. Part("getHours", time => time.Hour), .. Part("getMinutes", time => time.Minute),
        .. Part("getSeconds", time => time.Second),
        new("getMilliseconds", true, [Timestamp], Int, a => ((CelTimestamp)a[0]!).Nanoseconds / 1_000_000L),
        Span("getHours", 3_600_000_000_000), Span("getMinutes", 60_000_000_000), Span("getSeconds", 1_000_000_000), Span("getMilliseconds", 1_000_000),
    ];

    private static CelTimestamp FromUnix(long seconds) => seconds is >= -62135596800 and <= 253402300799
        ? new CelTimestamp(DateTimeOffset.FromUnixTimeSeconds(seconds), 0)
        : throw new CelException("timestamp overflow");

    private static IEnumerable<Overload> Part(string name, Func<DateTimeOffset, int> part) =>
    [
        new(name, true, [Timestamp], Int, a => (long)part(((CelTimestamp)a[0]!).Second.ToUniversalTime())),
        new(name, true, [Timestamp, Text], Int, a => (long)part(Times.InZone((CelTimestamp)a[0]!, (string)a[1]!))),
    ];

    private static Overload Span(string name, long unit) => new(name, true, [Duration], Int, a => ((CelDuration)a[0]!).Nanoseconds / unit);
}
