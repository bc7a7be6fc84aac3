using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>One rule of a role: verbs on resources (all of them, or those of some names), or on paths that name no resource.</summary>
internal sealed record PolicyRule
{
    public const string Any = "*";

    public IReadOnlyList<string> Verbs { get; init; } = [];
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Empty for all names.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The rules of a stored Role or ClusterRole.</summary>
    public static IReadOnlyList<PolicyRule> Of(JsonObject role) => [.. role.Objects("rules").Select(Read)];

    public bool Allows(AccessRequest wanted) => wanted.Resource.Length > 0
        ? Has(Verbs, wanted.Verb) && Has(Groups, wanted.Group) && HasResource(wanted.ResourcePath, wanted.Subresource)
            && (Names.Count == 0 || Names.Contains(wanted.Name))
        : Has(Verbs, wanted.Verb) && Paths.Any(path => CoversPath(path, wanted.Path));

    /// <summary>Whether this rule alone allows all that another one does, which is about one verb, group, resource and name or path.</summary>
    public bool Covers(PolicyRule single) =>
        single.Verbs.All(verb => Has(Verbs, verb))
        && single.Groups.All(group => Has(Groups, group))
        && single.Resources.All(CoversResource)
        && (Names.Count == 0 || (single.Names.Count > 0 && single.Names.All(Names.Contains)))
        && single.Paths.All(path => Paths.Any(own => own == path || CoversPath(own, path)));

    /// <summary>The same as rules about one thing each.</summary>
    public IEnumerable<PolicyRule> Split()
    {
        var resources =
            from resourceGroup in Groups
            from resource in Resources
            from verb in Verbs
            from names in Names.Count == 0 ? [[]] : Names.Select(name => (string[])[name])
            select new PolicyRule { Verbs = [verb], Groups = [resourceGroup], Resources = [resource], Names = names };
        var paths =
            from path in Paths
            from verb in Verbs
            select new PolicyRule { Verbs = [verb], Paths = [path] };
        return resources.Concat(paths);
    }

    /// <summary>As messages print a rule.</summary>
    public override string ToString()
    {
        (string Name, IReadOnlyList<string> Values)[] fields =
            [("APIGroups", Groups), ("Resources", Resources), ("NonResourceURLs", Paths), ("ResourceNames", Names), ("Verbs", Verbs)];
        return $"{{{string.Join(", ", fields.Where(f => f.Values.Count > 0).Select(f => $"{f.Name}:[{string.Join(' ', f.Values.Select(v => $"\"{v}\""))}]"))}}}";
    }

    private static PolicyRule Read(JsonObject rule) => new()
    {
        Verbs = Texts(rule, "verbs"),
        Groups = Texts(rule, "apiGroups"),
        Resources = Texts(rule, "resources"),
        Names = Texts(rule, "resourceNames"),
        Paths = Texts(rule, "nonResourceURLs"),
    };

    private static IReadOnlyList<string> Texts(JsonObject rule, string field) =>
        [.. (rule[field] as JsonArray ?? []).Select(value => value.AsText() ?? "")];

    private static bool Has(IReadOnlyList<string> allowed, string value) => allowed.Contains(Any) || allowed.Contains(value);

    private bool HasResource(string resource, string subresource) =>
        Has(Resources, resource) || (subresource.Length > 0 && Resources.Contains($"{Any}/{subresource}"));

    private bool CoversResource(string resource) => HasResource(resource, resource.Split('/') is [_, var subresource] ? subresource : "");

    private static bool CoversPath(string allowed, string path) =>
        allowed == path || (allowed.EndsWith(Any, StringComparison.Ordinal) && path.StartsWith(allowed.TrimEnd('*'), StringComparison.Ordinal));
}
