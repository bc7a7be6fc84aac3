using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>Elements of field paths, as <c>fieldsV1</c> writes them and as messages show them.</summary>
internal static class PathElements
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Field(string name) => "f:" + name;

    /// <summary>The element of one item of a <see cref="ListType.Set"/> or <see cref="ListType.Map"/> list.</summary>
    /// <returns>Null for an item of a keyed list that has none of its keys, and no default for them.</returns>
    public static string? Item(Schema list, JsonNode? item)
    {
        if (list.ListType == ListType.Set)
        {
            return "v:" + Text(item);
        }

        if (item is not JsonObject fields)
        {
            return null;
        }

        var names = list.ListMapKeys;
        if (names.Count == 1)
        {
            return Key(list, fields, names[0]) is { } only ? $"k:{{{Text(JsonValue.Create(names[0]))}:{Text(only)}}}" : null;
        }

        var found = false;
        var parts = new List<string>(names.Count);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var value = Key(list, fields, name);
            found |= value is not null;
            parts.Add($"{Text(JsonValue.Create(name))}:{Text(value)}");
        }

        return found ? $"k:{{{string.Join(',', parts)}}}" : null;
    }

    /// <summary>As in <c>.spec.containers[name="main"].image</c> and <c>.spec.tags[="x"]</c>.</summary>
    public static string Show(IEnumerable<string> path) => string.Concat(path.Select(Show));

    public static string Show(string element) => element[0] switch
    {
        'k' when JsonNode.Parse(element[2..]) is JsonObject keys =>
            $"[{string.Join(',', keys.Select(key => $"{key.Key}={Text(key.Value)}"))}]",
        'v' => $"[={element[2..]}]",
        _ => $".{element[2..]}",
    };

    private static JsonNode? Key(Schema list, JsonObject item, string name) =>
        item[name] ?? (list.Items is { } schema && schema.Properties.TryGetValue(name, out var field) ? field.Default : null);

    private static string Text(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";
}
