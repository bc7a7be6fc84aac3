using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>Answers GET requests about the server itself: its groups and kinds, its version and its health.</summary>
/// <param name="catalog">The kinds whose objects the server keeps.</param>
/// <param name="computed">Groups that come after them, of which nothing is kept.</param>
internal sealed class DiscoveryHandler(ResourceCatalog catalog, IReadOnlyList<ServedGroup> computed)
{
    private const string AcceptedTypes =
        "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>
    /// Answers the request if it is one of these; false leaves it to others, untouched. Throws <see cref="StatusException"/> for a version that a
    /// served group does not have, and for an Accept header that cannot be met.
    /// </summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            return false;
        }

        switch (context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case []:
                await Answers.JsonAsync(context, RootPaths(), cancellationToken);
                return true;
            case ["version"]:
                await Answers.JsonAsync(context, ServerVersion.Document(), cancellationToken);
                return true;
            case ["healthz" or "livez" or "readyz"] health:
                await Answers.TextAsync(context, 200, Health(context, health[0]), cancellationToken);
                return true;
            case ["api"]:
                await GroupsAsync(context, group => group.Name.Length == 0, _ => LegacyDiscovery.Versions(context.Request.Host.ToString()), cancellationToken);
                return true;
            case ["apis"]:
                await GroupsAsync(context, group => group.Name.Length > 0, LegacyDiscovery.Groups, cancellationToken);
                return true;
            case ["api", var version]:
                await VersionAsync(context, "", version, cancellationToken);
                return true;
            case ["apis", var group]:
                await GroupAsync(context, group, cancellationToken);
                return true;
            case ["apis", var group, var version]:
                await VersionAsync(context, group, version, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    private async Task GroupsAsync(
        HttpContext context, Func<ServedGroup, bool> isWanted, Func<IReadOnlyList<ServedGroup>, JsonObject> legacy, CancellationToken cancellationToken)
    {
        string accept = context.Request.Headers.Accept.ToString();
        IReadOnlyList<ServedGroup> groups = Groups();
        if (AggregatedDiscovery.IsAskedFor(accept))
        {
            await Answers.JsonAsync(context, AggregatedDiscovery.List(groups.Where(isWanted)), cancellationToken, AggregatedDiscovery.ContentType);
        }
        else if (AggregatedDiscovery.IsUnknownForm(accept))
        {
            throw new StatusException(406, "NotAcceptable", AcceptedTypes);
        }
        else
        {
            await Answers.JsonAsync(context, legacy(groups), cancellationToken);
        }
    }

    private Task GroupAsync(HttpContext context, string name, CancellationToken cancellationToken) =>
        Find(name) is { Name.Length: > 0 } group
            ? Answers.JsonAsync(context, LegacyDiscovery.Group(group), cancellationToken)
            : Answers.NotFoundAsync(context, cancellationToken);

    private Task VersionAsync(HttpContext context, string groupName, string name, CancellationToken cancellationToken)
    {
        ServedGroup? group = Find(groupName);
        if (group?.Versions.FirstOrDefault(version => version.Name == name) is { } found)
        {
            return Answers.JsonAsync(context, LegacyDiscovery.Resources(found), cancellationToken);
        }

        bool isBuiltIn = group is not null && !group.Versions.Any(version => version.Resources.Any(resource => resource.IsCustom));
        return isBuiltIn
            ? throw new StatusException(404, "NotFound", "the server could not find the requested resource", [])
            : Answers.NotFoundAsync(context, cancellationToken);
    }

    private IReadOnlyList<ServedGroup> Groups() => [.. ServedGroup.Of(catalog), .. computed];

    private ServedGroup? Find(string name) => Groups().FirstOrDefault(group => group.Name == name);

    private JsonObject RootPaths()
    {
        string[] fixedPaths = ["/api", "/apis", "/apis/", "/healthz", "/livez", "/openapi/v3", "/openapi/v3/", "/readyz", "/version"];
        IEnumerable<string> groups = Groups().SelectMany(group => group.Name.Length == 0
            ? group.Versions.Select(version => $"/api/{version.Name}")
            : [$"/apis/{group.Name}", .. group.Versions.Select(version => $"/apis/{version.GroupVersion}")]);
        return new JsonObject { ["paths"] = Names.List(fixedPaths.Concat(groups).Order(StringComparer.Ordinal)) };
    }

    private static string Health(HttpContext context, string check) =>
        context.Request.Query.ContainsKey("verbose") ? $"[+]ping ok\n{check} check passed\n" : "ok";
}
