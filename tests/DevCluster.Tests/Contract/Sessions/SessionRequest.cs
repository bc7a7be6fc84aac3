using System.Text.RegularExpressions;
using Slipway.DevCluster.Tests.Contract.Comparison;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>What kubectl asked and which status it got, without what no two runs have in common.</summary>
internal sealed partial record SessionRequest(string Method, string Path, int Status)
{
    private const int NotModified = 304;
    private const string Comma = "%2C";

    /// <summary>Discovery and schemas: kubectl asks for them in parallel, and out of a cache of its own.</summary>
    public bool IsDiscovery => Discovery().IsMatch(Path);

    public bool IsWatch => Path.Contains("watch=true", StringComparison.Ordinal);

    /// <summary>Whether a cached document is fetched again or only confirmed depends on what else was asked before, so 304 counts as 200.</summary>
    public static SessionRequest Of(string method, string path, int status) => new(
        method,
        FieldSelector().Replace(
            TemplateHash().Replace(
                RandomTimeout().Replace(Version().Replace(VolatileText.Mask(path, controllers: true), "resourceVersion=<n>"), "timeoutSeconds=<n>"),
                "$1<hash>"),
            Sorted),
        status == NotModified ? 200 : status);

    public override string ToString() => $"{Method} {Path} {Status}";

    /// <summary>kubectl describe builds its selector from a map, so its terms come in any order.</summary>
    private static string Sorted(Match selector) =>
        "fieldSelector=" + string.Join(Comma, selector.Groups[1].Value.Split(Comma).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^/(api|apis|openapi/v[23][^?]*|version)(\?|$)")]
    private static partial Regex Discovery();

    [GeneratedRegex("fieldSelector=([^&]*)")]
    private static partial Regex FieldSelector();

    [GeneratedRegex("(pod-template-hash%3D)[a-z0-9]+")]
    private static partial Regex TemplateHash();

    [GeneratedRegex(@"resourceVersion=\d+")]
    private static partial Regex Version();

    [GeneratedRegex(@"timeoutSeconds=\d+")]
    private static partial Regex RandomTimeout();
}
