using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Durations as the API server reads them: Go's form ("1h30m"), and for format <c>duration</c> also "5 days".</summary>
internal static partial class Durations
{
    private static readonly SearchValues<char> Decimal = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Nanoseconds)[] Words =
    [
        ("nano", 1), ("micro", 1_000), ("milli", 1_000_000), ("sec", 1_000_000_000), ("min", 60_000_000_000),
        ("hour", 3_600_000_000_000), ("day", 86_400_000_000_000), ("week", 604_800_000_000_000),
    ];

    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000), ("hr", 3_600_000_000_000), ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ];

    public static bool IsDuration(string text) => TryParse(text, out _);

    /// <summary>Format <c>duration</c>: Go's form or words.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        if (TryParseGo(text, out nanoseconds))
        {
            return true;
        }
        var found = false;
        foreach (Match match in NumberAndUnit().Matches(text))
        {
            var unit = match.Groups[2].Value.ToLowerInvariant();
            var scale = Units.FirstOrDefault(known => known.Unit == unit).Nanoseconds;
            scale = scale > 0 ? scale : Words.FirstOrDefault(known => unit.StartsWith(known.Unit, StringComparison.Ordinal)).Nanoseconds;
            if (scale > 0 && long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var factor))
            {
                found = true;
                nanoseconds = unchecked(nanoseconds + (factor * scale));
            }
        }
        return found;
    }

    /// <summary>Go's <c>time.ParseDuration</c>: an optional sign and one or more decimals with a unit of ns, us, ms, s, m or h; or "0".</summary>
    public static bool TryParseGo(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var negative = text.StartsWith('-');
        var rest = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        if (rest is "0")
        {
            return true;
        }
        if (rest.Length is 0 or > 128)
        {
            return false;
        }
        decimal total = 0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Decimal);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[digits..];
            var length = rest.IndexOfAny(Decimal) is var next and >= 0 ? next : rest.Length;
            var unit = rest[..length].ToString();
            var scale = Units.FirstOrDefault(known => known.Unit == unit && known.Unit is not ("hr" or "d" or "w")).Nanoseconds;
            if (scale == 0 || number > long.MaxValue / scale || (total += number * scale) > long.MaxValue)
            {
                return false;
            }
            rest = rest[length..];
        }
        nanoseconds = (long)(negative ? -total : total);
        return true;
    }

    [GeneratedRegex(@"([0-9]+)\s*([A-Za-zµμ]+)")]
    private static partial Regex NumberAndUnit();
}
