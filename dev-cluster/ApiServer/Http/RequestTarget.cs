namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>
/// What a path under <c>/api/v1</c> or <c>/apis/group/version</c> names. Name and subresource are empty where the path has none, the namespace
/// for cluster scope and for lists over all namespaces.
/// </summary>
internal sealed record RequestTarget(
    string Group, string Version, string Namespace, string Resource, string Name, string Subresource, bool IsWatchPath)
{
    /// <summary>Null when the path names no resource: discovery, health and what does not exist.</summary>
    public static RequestTarget? Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        return parts switch
        {
            ["api", var version, .. var rest] when rest.Length > 0 => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] when rest.Length > 0 => Parse(group, version, rest),
            _ => null,
        };
    }

    private static RequestTarget? Parse(string group, string version, string[] parts)
    {
        var isWatch = parts[0] == "watch";
        var rest = isWatch ? parts[1..] : parts;
        var (ns, resource) = rest switch
        {
            ["namespaces", _, "status" or "finalize"] => ("", rest),
            ["namespaces", var name, .. var inside] when inside.Length > 0 => (name, inside),
            _ => ("", rest),
        };
        return resource switch
        {
            [var plural] => new RequestTarget(group, version, ns, plural, "", "", isWatch),
            [var plural, var name] => new RequestTarget(group, version, ns, plural, name, "", isWatch),
            [var plural, var name, .. var sub] => new RequestTarget(group, version, ns, plural, name, string.Join('/', sub), isWatch),
            _ => null,
        };
    }
}
