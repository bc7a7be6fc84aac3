using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What a request to the API asks for, as an RBAC rule says it.</summary>
internal sealed partial record AskedFor(string Group, string Resource, string Verb)
{
    /// <summary>Null for what every client may ask, such as which APIs there are. What is no resource of the API stands there as its path.</summary>
    /// <param name="method">HTTP's.</param>
    /// <param name="pathAndQuery">Of the request.</param>
    public static AskedFor? Of(string method, string pathAndQuery)
    {
        var match = ObjectPath().Match(pathAndQuery);
        if (!match.Success)
        {
            return EveryonesPath().IsMatch(pathAndQuery) ? null : new("", pathAndQuery, method.ToLowerInvariant());
        }

        var isCollection = !match.Groups["name"].Success;
        var verb = method switch
        {
            "GET" when isCollection => pathAndQuery.Contains("watch=true", StringComparison.Ordinal) ? "watch" : "list",
            "GET" => "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isCollection ? "deletecollection" : "delete",
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "is no verb of the API"),
        };
        var sub = match.Groups["sub"].Value;
        return new(match.Groups["group"].Value, $"{match.Groups["resource"].Value}{(sub.Length > 0 ? $"/{sub}" : "")}", verb);
    }

    public bool IsIn(JsonObject rule) => Holds(rule, "apiGroups", Group) && Holds(rule, "resources", Resource) && Holds(rule, "verbs", Verb);

    private static bool Holds(JsonObject rule, string field, string value) => rule[field]!.AsArray().Any(entry => (string?)entry == value);

    /// <summary>What Kubernetes grants to everyone by <c>system:discovery</c>.</summary>
    [GeneratedRegex(@"^/(api(/[^/?]+)?|apis(/[^/?]+){0,2}|openapi(/[^?]*)?|version|healthz|livez|readyz)/?(\?|$)")]
    private static partial Regex EveryonesPath();

    [GeneratedRegex(@"^/(api/v1|apis/(?<group>[^/?]+)/[^/?]+)(/namespaces/[^/?]+)?/(?<resource>[^/?]+)(/(?<name>[^/?]+)(/(?<sub>[^/?]+))?)?(\?|$)")]
    private static partial Regex ObjectPath();
}
