using System.Security.Cryptography;
using System.Text.Json;
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

    /// <summary>Half of a SHA-256, in hex, over the tree with sorted names: equal trees have equal hashes.</summary>
    public static string Hash(JsonObject entity)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteSorted(writer, entity);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()).AsSpan(0, 16));
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (name, value) in map.OrderBy(field => field.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    WriteSorted(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    WriteSorted(writer, item);
                }

                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

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
