using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>Lists of names as discovery documents write them.</summary>
internal static class Names
{
    private static readonly IReadOnlyList<string> CustomOrder = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

    /// <summary>The verbs in the order in which Kubernetes writes them, which is another one for custom resources.</summary>
    public static IEnumerable<string> Verbs(ResourceDefinition definition) =>
        definition.IsCustom ? CustomOrder.Where(definition.Verbs.Contains) : definition.Verbs;

    public static JsonArray List(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    public static void AddIfAny(JsonObject target, string key, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            target[key] = List(names);
        }
    }
}
