using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

internal enum SchemaLevel
{
    Root,
    Field,
    Item,
}

/// <summary>What makes a schema structural: every node has a type, and logic (<c>allOf</c> …) only narrows what stands outside of it.</summary>
internal static class StructuralRules
{
    private static readonly string[] NotInJunctors =
    [
        "description", "type", "title", "default", "additionalProperties", "nullable", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type",
    ];

    /// <summary>Children come before the node itself, as in the API server's answer.</summary>
    public static void Check(JsonObject schema, string path, SchemaLevel level, List<FieldError> errors)
    {
        if (schema["items"] is JsonObject items)
        {
            Check(items, path + ".items", SchemaLevel.Item, errors);
        }
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is JsonObject child)
            {
                Check(child, $"{path}.properties[{name}]", SchemaLevel.Field, errors);
            }
        }
        if (schema["additionalProperties"] is JsonObject values)
        {
            Check(values, path + ".additionalProperties", SchemaLevel.Field, errors);
        }
        CheckType(schema, path, level, errors);
        if (level == SchemaLevel.Root || Flag(schema, "x-kubernetes-embedded-resource"))
        {
            CheckMetadata(schema, path, errors);
        }
        CheckJunctors(schema, schema, path, errors);
    }

    private static void CheckType(JsonObject schema, string path, SchemaLevel level, List<FieldError> errors)
    {
        var type = Text(schema["type"]);
        var intOrString = Flag(schema, "x-kubernetes-int-or-string");
        if (intOrString && type.Length > 0)
        {
            errors.Add(Cause.Forbidden(path + ".type", "must be empty if x-kubernetes-int-or-string is true"));
        }
        if (Flag(schema, "x-kubernetes-embedded-resource") && type != "object")
        {
            const string detail = "must be object if x-kubernetes-embedded-resource is true";
            errors.Add(type.Length == 0 ? Cause.Required(path + ".type", detail) : Cause.Invalid(path + ".type", GoText.Quote(type), detail));
        }
        else if (type.Length == 0 && !intOrString && !Flag(schema, "x-kubernetes-preserve-unknown-fields"))
        {
            errors.Add(Cause.Required(path + ".type", level switch
            {
                SchemaLevel.Root => "must not be empty at the root",
                SchemaLevel.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            }));
        }
        if (level == SchemaLevel.Root && type.Length > 0 && type != "object")
        {
            errors.Add(Cause.Invalid(path + ".type", GoText.Quote(type), "must be object at the root"));
        }
    }

    private static void CheckMetadata(JsonObject schema, string path, List<FieldError> errors)
    {
        foreach (var (name, wanted) in (ReadOnlySpan<(string, string)>)[("kind", "string"), ("apiVersion", "string"), ("metadata", "object")])
        {
            if (schema["properties"]?[name] is JsonObject property && Text(property["type"]) is { Length: > 0 } type && type != wanted)
            {
                errors.Add(Cause.Invalid($"{path}.properties[{name}].type", GoText.Quote(type), $"must be {wanted}"));
            }
        }
        if (schema["properties"]?["metadata"] is JsonObject metadata
            && ((metadata["properties"] as JsonObject ?? []).Any(property => property.Key is not ("name" or "generateName"))
                || metadata.Any(entry => entry.Key is not ("type" or "description" or "properties"))))
        {
            errors.Add(Cause.Forbidden(path + ".properties[metadata]",
                "must not specify anything other than name and generateName, but metadata is implicitly specified"));
        }
    }

    private static void CheckJunctors(JsonObject node, JsonObject outer, string path, List<FieldError> errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
        {
            var list = node[name] as JsonArray ?? [];
            // The one place where logic may name types: "an integer or a string".
            var types = name == "anyOf" && Flag(outer, "x-kubernetes-int-or-string") && list.All(entry => Text(entry?["type"]) is "integer" or "string");
            for (var i = 0; i < list.Count && !types; i++)
            {
                CheckJunctor(list[i] as JsonObject ?? [], outer, $"{path}.{name}[{i}]", path, errors);
            }
        }
        if (node["not"] is JsonObject not)
        {
            CheckJunctor(not, outer, path + ".not", path, errors);
        }
    }

    private static void CheckJunctor(JsonObject junctor, JsonObject outer, string path, string outerPath, List<FieldError> errors)
    {
        var typed = Flag(outer, "x-kubernetes-int-or-string") && junctor.ContainsKey("anyOf");
        foreach (var name in NotInJunctors)
        {
            if (junctor[name] is { } value && value.GetValueKind() != JsonValueKind.False)
            {
                errors.Add(Cause.Forbidden($"{path}.{name}", "must be empty to be structural"));
            }
        }
        foreach (var (name, property) in junctor["properties"] as JsonObject ?? [])
        {
            if (outer["properties"]?[name] is not JsonObject declared)
            {
                errors.Add(Cause.Required($"{outerPath}.properties[{name}]", $"because it is defined in {path}.properties[{name}]"));
            }
            else if (property is JsonObject inner)
            {
                CheckJunctor(inner, declared, $"{path}.properties[{name}]", $"{outerPath}.properties[{name}]", errors);
            }
        }
        if (junctor["items"] is JsonObject items)
        {
            if (outer["items"] is JsonObject declared)
            {
                CheckJunctor(items, declared, path + ".items", outerPath + ".items", errors);
            }
            else
            {
                errors.Add(Cause.Required(outerPath + ".items", $"because it is defined in {path}.items"));
            }
        }
        if (!typed)
        {
            CheckJunctors(junctor, outer, path, errors);
        }
    }

    private static bool Flag(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
