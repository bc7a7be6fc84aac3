using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>One API group as discovery shows it, with its versions in order of preference.</summary>
internal sealed record ServedGroup(string Name, IReadOnlyList<ServedVersion> Versions)
{
    /// <summary>The groups in the order of the catalog; the core group has an empty name.</summary>
    public static IReadOnlyList<ServedGroup> Of(ResourceCatalog catalog) =>
        [.. catalog.All.GroupBy(definition => definition.Group).Select(Group)];

    private static ServedGroup Group(IGrouping<string, ResourceDefinition> definitions)
    {
        IEnumerable<ServedVersion> versions = definitions.GroupBy(definition => definition.Version)
            .Select(version => new ServedVersion(definitions.Key, version.Key, [.. InPathOrder(version)]));
        return new ServedGroup(
            definitions.Key,
            definitions.Any(definition => definition.IsCustom)
                ? [.. versions.OrderBy(version => version.Name, VersionPriority.Instance)]
                : [.. versions]);
    }

    private static IOrderedEnumerable<ResourceDefinition> InPathOrder(IEnumerable<ResourceDefinition> definitions) =>
        definitions.OrderBy(definition => definition.Plural, StringComparer.Ordinal);
}

/// <summary>One version of a group, with its resources in the order of their paths.</summary>
internal sealed record ServedVersion(string Group, string Name, IReadOnlyList<ResourceDefinition> Resources)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string GroupVersion => Group.Length == 0 ? Name : $"{Group}/{Name}";
}
