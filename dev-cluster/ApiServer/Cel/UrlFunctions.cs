using System.Net;
using Slipway.DevCluster.ApiServer.CustomResources;
using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary><c>url()</c> and its parts, <c>isURL()</c>, <c>isIP()</c>.</summary>
internal static class UrlFunctions
{
    public static IEnumerable<Overload> All =>
    [
        new("isURL", false, [Text], Bool, a => TryParse((string)a[0]!, out _)),
        new("url", false, [Text], Url, a => TryParse((string)a[0]!, out var url)
            ? url : throw new CelException($"URL parse error during conversion from string: parse {GoText.Quote((string)a[0]!)}: invalid URI for request")),
        Method("getScheme", url => url.IsAbsoluteUri ? url.Scheme : ""),
        Method("getHost", url => url.IsAbsoluteUri ? Authority(url) : ""),
        Method("getHostname", url => url.IsAbsoluteUri ? url.Host.Trim('[', ']') : ""),
        Method("getPort", url => url.IsAbsoluteUri ? Port(url) : ""),
        Method("getEscapedPath", Path),
        new("getQuery", true, [Url], Map(Text, List(Text)), a => Query((Uri)a[0]!)),
        new("isIP", false, [Text], Bool, a => StringFormats.Matches("ipv4", (string)a[0]!) || StringFormats.Matches("ipv6", (string)a[0]!)),
    ];

    private static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text, text.StartsWith('/') ? UriKind.Relative : UriKind.Absolute, out url!);

    private static string Authority(Uri url) => Port(url) is { Length: > 0 } port ? $"{url.Host}:{port}" : url.Host;

    // Only a port that was written counts, not the scheme's own.
    private static string Port(Uri url)
    {
        var start = url.OriginalString.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.OriginalString.IndexOfAny(['/', '?', '#'], start);
        var authority = end < 0 ? url.OriginalString[start..] : url.OriginalString[start..end];
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > authority.LastIndexOf('@') ? authority[(colon + 1)..] : "";
    }

    private static string Path(Uri url) => url.IsAbsoluteUri
        ? url.OriginalString.AsSpan(url.OriginalString.IndexOf("://", StringComparison.Ordinal) + 3).Contains('/') ? url.AbsolutePath : ""
        : url.OriginalString.Split('?')[0];

    private static CelDictionary Query(Uri url)
    {
        var text = url.OriginalString.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? url.OriginalString[(at + 1)..].Split('#')[0] : "";
        var entries = text.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .GroupBy(pair => WebUtility.UrlDecode(pair[0]), pair => pair.Length > 1 ? WebUtility.UrlDecode(pair[1]) : "");
        return new CelDictionary([.. entries.Select(entry => KeyValuePair.Create<object, object?>(entry.Key, (IReadOnlyList<object?>)[.. entry]))]);
    }

    private static Overload Method(string name, Func<Uri, string> invoke) => new(name, true, [Url], Text, values => invoke((Uri)values[0]!));
}
