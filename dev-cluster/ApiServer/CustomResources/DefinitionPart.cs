using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// What one version of a definition declares under a name, and where messages say that it stands: what all versions have in common belongs to
/// <c>spec</c> itself.
/// </summary>
internal sealed record DefinitionPart(string Path, JsonNode? Value)
{
    /// <summary>One part for every version, or a single one when all versions agree.</summary>
    public static IReadOnlyList<DefinitionPart> Of(JsonArray versions, string name, string shared)
    {
        var values = versions.Select(version => (version as JsonObject)?[name]).ToArray();
        return values.Length > 0 && values.All(value => JsonNode.DeepEquals(value, values[0]))
            ? [new DefinitionPart($"spec.{shared}", values[0])]
            : [.. values.Select((value, i) => new DefinitionPart($"spec.versions[{i}].{name}", value))];
    }

    /// <summary>True when the part is one for all versions.</summary>
    public bool IsShared => !Path.StartsWith("spec.versions[", StringComparison.Ordinal);
}
