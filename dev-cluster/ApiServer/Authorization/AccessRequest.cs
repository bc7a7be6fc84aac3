using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>What somebody wants to do: a verb on a resource, or on a path that names none.</summary>
internal sealed record AccessRequest
{
    public required string Verb { get; init; }

    /// <summary>Empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary>Empty for cluster scope and for all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Plural, as in the path; empty when <see cref="Path"/> says what is wanted.</summary>
    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";

    /// <summary>Empty when the request is about no object in particular.</summary>
    public string Name { get; init; } = "";
    public string Path { get; init; } = "";

    /// <summary>What rules call the resource: <c>pods</c>, <c>pods/log</c>.</summary>
    public string ResourcePath => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static AccessRequest Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (RequestTarget.Parse(path) is not { } target)
        {
            return new() { Verb = request.Method.ToLowerInvariant(), Path = path };
        }

        var verb = VerbOf(request, target);
        return new()
        {
            Verb = verb,
            Group = target.Group,
            // A namespace is an object of its own, and rules in it may be about itself.
            Namespace = target is { Group: "", Resource: "namespaces" } ? target.Name : target.Namespace,
            Resource = target.Resource,
            Subresource = target.Subresource.Split('/')[0],
            Name = verb is "list" or "watch" or "deletecollection" && target.Name.Length == 0 ? SelectedName(request.Query) : target.Name,
        };
    }

    /// <summary>The answer to who may not do it.</summary>
    public StatusException Refuse(string user, string reason)
    {
        var because = reason.Length > 0 ? $": {reason}" : "";
        if (Resource.Length == 0)
        {
            return new StatusException(403, "Forbidden", $"forbidden: User \"{user}\" cannot {Verb} path \"{Path}\"{because}", []);
        }

        var where = Namespace.Length > 0 ? $"in the namespace \"{Namespace}\"" : "at the cluster scope";
        return StatusErrors.Forbidden(Group, Resource, Name, $"User \"{user}\" cannot {Verb} resource \"{ResourcePath}\" in API group \"{Group}\" {where}{because}");
    }

    private static string VerbOf(HttpRequest request, RequestTarget target)
    {
        var isItem = target.Name.Length > 0;
        return request.Method switch
        {
            "GET" or "HEAD" when target.IsWatchPath => "watch",
            "GET" or "HEAD" when isItem => "get",
            "GET" or "HEAD" => request.Query["watch"].ToString() is "1" or "true" ? "watch" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isItem ? "delete" : "deletecollection",
            _ => request.Method.ToLowerInvariant(),
        };
    }

    /// <summary>A list of the one object of a name may be allowed by a rule that names it.</summary>
    private static string SelectedName(IQueryCollection query)
    {
        const string field = "metadata.name=";
        var selector = query["fieldSelector"].ToString();
        return selector.StartsWith(field, StringComparison.Ordinal) && !selector.Contains(',', StringComparison.Ordinal)
            ? selector[field.Length..].TrimStart('=')
            : "";
    }
}
