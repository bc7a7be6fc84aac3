using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>One request as it came. Name is empty for a collection, Namespace for all of them.</summary>
internal sealed record FakeRequest(
    string Method, string Group, string Plural, string Namespace, string Name, string Subresource, IReadOnlyDictionary<string, string> Query, string ContentType, JsonObject? Body)
{
    public bool IsWatch => Query.GetValueOrDefault("watch") == "true";

    public bool IsDryRun => Query.GetValueOrDefault("dryRun") == "All";

    public bool IsList => Method == "GET" && Name.Length == 0 && !IsWatch;

    /// <summary>Changes something: no read, no dry run.</summary>
    public bool IsWrite => Method != "GET" && !IsDryRun;

    /// <summary>Paths are /api/v1/… or /apis/group/version/…; null when it is neither.</summary>
    public static FakeRequest? Parse(string method, string path, IReadOnlyDictionary<string, string> query, string contentType, JsonObject? body)
    {
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToList();
        var group = "";
        if (parts[0] == "apis")
        {
            group = parts[1];
            parts.RemoveAt(1);
        }

        if (parts.Count < 3)
        {
            return null;
        }

        parts.RemoveRange(0, 2);
        var @namespace = "";
        if (parts[0] == "namespaces" && parts.Count > 2)
        {
            @namespace = parts[1];
            parts.RemoveRange(0, 2);
        }

        return new(method, group, parts[0], @namespace, parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "", query, contentType, body);
    }

    public override string ToString() =>
        $"{Method} {Plural}{(Subresource.Length == 0 ? "" : $"/{Subresource}")} {Namespace}/{Name} {string.Join('&', Query.Select(pair => $"{pair.Key}={pair.Value}"))} {Body?.ToJsonString()}";
}
