using System.Text.Json.Nodes;
using k8s;

namespace Slipway.Runtime;

/// <summary>Kubernetes objects as JSON trees.</summary>
internal static class ObjectJson
{
    /// <summary>A tree of its own, without nulls.</summary>
    public static JsonObject Of(object entity)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(entity))!.AsObject();
        RemoveNulls(json);
        return json;
    }

    /// <summary>The string at metadata.<paramref name="name"/>, empty when there is none.</summary>
    public static string Metadata(JsonObject entity, string name) =>
        entity["metadata"]?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static string Version(JsonObject entity) => Metadata(entity, "resourceVersion");

    private static void RemoveNulls(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var name in map.Where(field => field.Value is null).Select(field => field.Key).ToList())
            {
                map.Remove(name);
            }

            foreach (var (_, value) in map)
            {
                RemoveNulls(value);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                RemoveNulls(item);
            }
        }
    }
}
