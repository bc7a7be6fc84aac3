using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>The discovery documents in the form in which one answer tells all groups: <c>APIGroupDiscoveryList</c> of <c>apidiscovery.k8s.io/v2</c>.</summary>
internal static class AggregatedDiscovery
{
    public const string ContentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <summary>True when a clause of the Accept header asks for the form that this server has.</summary>
    public static bool IsAskedFor(string accept) => accept.Split(',').Any(clause => Parameters(clause).IsSupersetOf(
        ["as=APIGroupDiscoveryList", "g=apidiscovery.k8s.io", "v=v2"]));

    /// <summary>True when no clause can be answered, because each asks for a form of discovery that this server has not.</summary>
    public static bool IsUnknownForm(string accept) => accept.Length > 0 && accept.Split(',').All(clause => Parameters(clause).Any(IsForm));

    /// <summary>The answer to <c>/api</c> (the core group only) or <c>/apis</c> (all others).</summary>
    public static JsonObject List(IEnumerable<ServedGroup> groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(Group)]),
    };

    private static HashSet<string> Parameters(string clause) => [.. clause.Split(';', StringSplitOptions.TrimEntries).Skip(1)];

    private static bool IsForm(string parameter) => parameter.StartsWith("as=", StringComparison.Ordinal);

    private static JsonObject Group(ServedGroup group) => new()
    {
        ["metadata"] = group.Name.Length == 0 ? [] : new JsonObject { ["name"] = group.Name },
        ["versions"] = new JsonArray([.. group.Versions.Select(Version)]),
    };

    private static JsonObject Version(ServedVersion version) => new()
    {
        ["version"] = version.Name,
        ["resources"] = new JsonArray([.. version.Resources.Select(Resource)]),
        ["freshness"] = "Current",
    };

    private static JsonObject Resource(ResourceDefinition definition)
    {
        JsonObject entry = new()
        {
            ["resource"] = definition.Plural,
            ["responseKind"] = Kind(definition, definition.Kind, null, null),
            ["scope"] = definition.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = definition.Singular,
            ["verbs"] = Names.List(Names.Verbs(definition)),
        };
        Names.AddIfAny(entry, "shortNames", definition.ShortNames);
        Names.AddIfAny(entry, "categories", definition.Categories);
        if (definition.Subresources.Count > 0)
        {
            entry["subresources"] = new JsonArray([.. definition.Subresources.Select(subresource => new JsonObject
            {
                ["subresource"] = subresource.Name,
                ["responseKind"] = Kind(definition, subresource.Kind, subresource.Group, subresource.Version),
                ["verbs"] = Names.List(subresource.Verbs),
            })]);
        }

        return entry;
    }

    /// <summary>Built-in kinds leave out the group and version when they are the resource's own.</summary>
    private static JsonObject Kind(ResourceDefinition definition, string kind, string? group, string? version) => new()
    {
        ["group"] = group ?? (definition.IsCustom ? definition.Group : ""),
        ["version"] = version ?? (definition.IsCustom ? definition.Version : ""),
        ["kind"] = kind,
    };
}
