using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The string formats that the API server checks; a format that is not listed is not checked.</summary>
internal static partial class StringFormats
{
    private static readonly FrozenDictionary<string, Func<string, bool>> Known = new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
    {
        ["date-time"] = IsDateTime,
        ["datetime"] = IsDateTime,
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["duration"] = Durations.IsDuration,
        ["uri"] = text => Uri.TryCreate(text, UriKind.Absolute, out _),
        ["email"] = text => Email().IsMatch(text),
        ["hostname"] = text => text.Length <= 255 && Hostname().IsMatch(text),
        ["ipv4"] = text => text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork,
        ["ipv6"] = text => !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        ["cidr"] = IsCidr,
        ["mac"] = text => Mac().IsMatch(text),
        ["uuid"] = text => Uuid().IsMatch(text),
        ["uuid3"] = text => Uuid().IsMatch(text) && Version(text) == '3',
        ["uuid4"] = text => Uuid().IsMatch(text) && Version(text) == '4',
        ["uuid5"] = text => Uuid().IsMatch(text) && Version(text) == '5',
        ["byte"] = IsBase64,
        ["hexcolor"] = text => HexColour().IsMatch(text),
        ["rgbcolor"] = text => RgbColour().IsMatch(text),
        ["ssn"] = text => SocialSecurityNumber().IsMatch(text),
        ["bsonobjectid"] = text => ObjectId().IsMatch(text),
        ["password"] = _ => true,
        ["k8s-short-name"] = text => text.Length <= 63 && Label().IsMatch(text),
        ["k8s-long-name"] = text => text.Length <= 253 && Subdomain().IsMatch(text),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Formats that Kubernetes checks and this server does not; a definition that uses one is refused with 501.</summary>
    public static readonly IReadOnlyList<string> Unsupported = ["isbn", "isbn10", "isbn13", "creditcard"];

    /// <summary>True for every text when <paramref name="format"/> is unknown or empty.</summary>
    public static bool Matches(string format, string text) => !Known.TryGetValue(format, out var check) || check(text);

    private static char Version(string uuid) => uuid.Replace("-", "", StringComparison.Ordinal)[12];

    private static bool IsDateTime(string text) =>
        text.Length > 10
        && text[10] is 't' or 'T'
        && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && ClockTime().IsMatch(text.AsSpan(11));

    private static bool IsCidr(string text) => text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && IPAddress.TryParse(text.AsSpan(0, slash), out var address)
        && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
        && bits <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);

    [GeneratedRegex(@"^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:[zZ]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex ClockTime();

    [GeneratedRegex(@"^[^\s@<>]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?\z")]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}\z")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^#?(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z")]
    private static partial Regex HexColour();

    [GeneratedRegex(@"^rgb\(\s*(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])\s*(?:,\s*(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])\s*){2}\)\z")]
    private static partial Regex RgbColour();

    [GeneratedRegex(@"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex SocialSecurityNumber();

    [GeneratedRegex(@"^[0-9A-Fa-f]{24}\z")]
    private static partial Regex ObjectId();

    [GeneratedRegex(@"^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
