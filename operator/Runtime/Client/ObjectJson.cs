using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.Runtime;

/// <summary>Kubernetes objects as JSON trees.</summary>
internal static class ObjectJson
{
    /// <summary>
    /// For everything that the API server sends. It takes objects that are nested deeper than our types can be read; such a one must be told from
    /// the others of its list before it can be left out.
    /// </summary>
    public static readonly JsonDocumentOptions Documents = new() { MaxDepth = 16_384 };

    /// <summary>A tree of its own, without nulls.</summary>
    public static JsonObject Of(object entity) => Parse(KubernetesJson.Serialize(entity));

    /// <summary>The object that a text holds, without nulls.</summary>
    public static JsonObject Parse(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        return ReadObject(ref reader);
    }

    /// <summary>The string at metadata.<paramref name="name"/>, empty when there is none.</summary>
    public static string Metadata(JsonObject entity, string name) =>
        entity["metadata"]?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static string Version(JsonObject entity) => Metadata(entity, "resourceVersion");

    // JsonNode.Parse would keep the nulls, and read every object a second time when it is looked into.
    private static JsonNode? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Null => null,
        _ => JsonValue.Create(JsonElement.ParseValue(ref reader)),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (Read(ref reader) is { } value)
            {
                map.Add(name, value);
            }
        }

        return map;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(Read(ref reader));
        }

        return list;
    }
}
