using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Whether <c>x-kubernetes-list-type</c>, its map keys and <c>x-kubernetes-map-type</c> fit the node that they stand on.</summary>
internal static class ListTypeRules
{
    private const string ListTypeField = "x-kubernetes-list-type";
    private const string KeysField = "x-kubernetes-list-map-keys";
    private const string MapTypeField = "x-kubernetes-map-type";

    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        CheckList(schema, path, errors);
        if (schema[MapTypeField] is { } mapType)
        {
            if (Text(mapType) is not ("atomic" or "granular"))
            {
                errors.Add(Cause.NotSupported($"{path}.{MapTypeField}", GoText.Value(mapType), ["granular", "atomic"]));
            }
            MustBe("object", MapTypeField, schema, path, errors);
        }
    }

    private static void CheckList(JsonObject schema, string path, List<FieldError> errors)
    {
        var listType = Text(schema[ListTypeField]);
        if (schema[ListTypeField] is { } given)
        {
            if (listType is not ("atomic" or "set" or "map"))
            {
                errors.Add(Cause.NotSupported($"{path}.{ListTypeField}", GoText.Value(given), ["atomic", "set", "map"]));
            }
            MustBe("array", ListTypeField, schema, path, errors);
        }
        var keys = (schema[KeysField] as JsonArray ?? []).Select(Text).ToArray();
        if (listType != "map")
        {
            if (keys.Length > 0)
            {
                errors.Add(Cause.Invalid($"{path}.{ListTypeField}", GoText.Quote(listType), $"must be map if {KeysField} is non-empty"));
            }
            return;
        }
        if (keys.Length == 0)
        {
            errors.Add(Cause.Required($"{path}.{KeysField}", $"must not be empty if {ListTypeField} is map"));
        }
        if (schema["items"] is not JsonObject items)
        {
            errors.Add(Cause.Required(path + ".items", $"must have a schema if {ListTypeField} is map"));
            return;
        }
        if (Text(items["type"]) != "object")
        {
            errors.Add(Cause.Invalid(path + ".items.type", GoText.Quote(Text(items["type"])), $"must be object if parent array's {ListTypeField} is map"));
        }
        CheckKeys(keys, items, path, errors);
    }

    private static void CheckKeys(string[] keys, JsonObject items, string path, List<FieldError> errors)
    {
        var printed = GoText.Json(new JsonArray([.. keys.Select(key => (JsonNode)key)]));
        var properties = items["properties"] as JsonObject ?? [];
        foreach (var key in keys)
        {
            var at = $"{path}.items.properties[{key}]";
            if (properties[key] is not JsonObject property)
            {
                errors.Add(Cause.Invalid($"{path}.{KeysField}", printed, "entries must all be names of item properties"));
            }
            else if (Text(property["type"]) is "array" or "object")
            {
                errors.Add(Cause.Invalid(at + ".type", GoText.Quote(Text(property["type"])), $"must be a scalar type if parent array's {ListTypeField} is map"));
            }
            else if (property["default"] is null && !(items["required"] as JsonArray ?? []).Any(name => Text(name) == key))
            {
                errors.Add(Cause.Required(at + ".default", $"this property is in {KeysField}, so it must have a default or be a required property"));
            }
        }
        if (keys.Distinct(StringComparer.Ordinal).Count() < keys.Length)
        {
            errors.Add(Cause.Invalid($"{path}.{KeysField}", printed, "must not contain duplicate entries"));
        }
    }

    private static void MustBe(string type, string because, JsonObject schema, string path, List<FieldError> errors)
    {
        var given = Text(schema["type"]);
        if (given != type)
        {
            var detail = $"must be {type} if {because} is specified";
            errors.Add(given.Length == 0 ? Cause.Required(path + ".type", detail) : Cause.Invalid(path + ".type", GoText.Quote(given), detail));
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
