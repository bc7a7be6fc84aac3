using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Drops nulls where a custom resource's schema allows none and has no default: the API server takes them as absent.</summary>
internal static class NullFields
{
    public static void Drop(Schema schema, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var name in map.Where(entry => entry.Value is null && IsDropped(Child(schema, entry.Key))).Select(entry => entry.Key).ToArray())
                {
                    map.Remove(name);
                }
                foreach (var (name, child) in map)
                {
                    if (Child(schema, name) is { } next)
                    {
                        Drop(next, child);
                    }
                }
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    Drop(items, item);
                }
                break;
            default:
                break;
        }
    }

    private static Schema? Child(Schema schema, string name) => schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties;

    private static bool IsDropped(Schema? schema) => schema is { Nullable: false, Rules: not null, Default: null };
}
