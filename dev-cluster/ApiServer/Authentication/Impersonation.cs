using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>Lets a client act as somebody else, as <c>kubectl --as</c> asks, if it may impersonate all that it says it is.</summary>
internal sealed class Impersonation(RbacAuthorizer authorizer)
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraHeader = "Impersonate-Extra-";
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <summary>Who the request is to be taken for: the sender itself when it does not ask for anything else.</summary>
    /// <exception cref="StatusException">403 when the sender may not, 500 for groups or a uid without a user.</exception>
    public Identity Apply(HttpRequest request, Identity sender)
    {
        var user = request.Headers[UserHeader].ToString();
        if (user.Length == 0)
        {
            return request.Headers.ContainsKey(GroupHeader) || request.Headers.ContainsKey(UidHeader)
                ? throw new StatusException(500, "InternalError", $"Internal error occurred: requested {Asked(request)} without impersonating a user")
                : sender;
        }

        IReadOnlyList<string> groups = [.. request.Headers[GroupHeader].Select(group => group ?? "")];
        var uid = request.Headers[UidHeader].ToString();
        var extra = Extra(request.Headers);
        if (!sender.IsMaster)
        {
            Demand(sender, user, groups, uid, extra);
        }

        return new Identity(user, [.. Groups(user, groups)]) { Uid = uid, Extra = extra };
    }

    private void Demand(Identity sender, string user, IReadOnlyList<string> groups, string uid, IReadOnlyDictionary<string, IReadOnlyList<string>> extra)
    {
        authorizer.Demand(sender, Identity.AsServiceAccount(user) is var (ns, name) ? Impersonating("", "serviceaccounts", name) with { Namespace = ns } : Impersonating("", "users", user));
        foreach (var group in groups)
        {
            authorizer.Demand(sender, Impersonating("", "groups", group));
        }

        if (uid.Length > 0)
        {
            authorizer.Demand(sender, Impersonating(AuthenticationGroup, "uids", uid));
        }

        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                authorizer.Demand(sender, Impersonating(AuthenticationGroup, "userextras", value) with { Subresource = key });
            }
        }
    }

    /// <summary>The groups asked for, those that a ServiceAccount is in if none were, and the one of everybody who is known.</summary>
    private static IEnumerable<string> Groups(string user, IReadOnlyList<string> asked)
    {
        var groups = asked.Count == 0 && Identity.AsServiceAccount(user) is var (ns, _) ? Identity.ServiceAccountGroups(ns) : asked;
        var everybody = user == Identity.AnonymousName ? Identity.UnauthenticatedGroup : Identity.AuthenticatedGroup;
        return groups.Contains(Identity.AuthenticatedGroup) || groups.Contains(Identity.UnauthenticatedGroup) ? groups : groups.Append(everybody);
    }

    private static Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers) => headers
        .Where(header => header.Key.StartsWith(ExtraHeader, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(
            header => Uri.UnescapeDataString(header.Key[ExtraHeader.Length..].ToLowerInvariant()),
            header => (IReadOnlyList<string>)[.. header.Value.Select(value => value ?? "")],
            StringComparer.Ordinal);

    private static AccessRequest Impersonating(string group, string resource, string name) =>
        new() { Verb = "impersonate", Group = group, Resource = resource, Name = name };

    private static string Asked(HttpRequest request) => request.Headers.ContainsKey(GroupHeader) ? "groups" : "a uid";
}
