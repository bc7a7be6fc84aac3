using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Reads the <c>openAPIV3Schema</c> of a CustomResourceDefinition.</summary>
internal static class StructuralSchema
{
    /// <summary>
    /// Reads what is there and ignores what it does not understand: the validation of definitions says what is wrong with a schema.
    /// </summary>
    public static Schema Parse(JsonObject openApiV3Schema) => new()
    {
        Type = TypeOf(openApiV3Schema),
        Format = Text(openApiV3Schema, "format") ?? "",
        Description = Text(openApiV3Schema, "description") ?? "",
        Nullable = Flag(openApiV3Schema, "nullable"),
        Properties = Properties(openApiV3Schema),
        Required = Texts(openApiV3Schema, "required"),
        AdditionalProperties = Child(openApiV3Schema, "additionalProperties"),
        AtomicMap = Text(openApiV3Schema, "x-kubernetes-map-type") == "atomic",
        PreserveUnknownFields = Flag(openApiV3Schema, "x-kubernetes-preserve-unknown-fields"),
        EmbeddedResource = Flag(openApiV3Schema, "x-kubernetes-embedded-resource"),
        Items = Child(openApiV3Schema, "items"),
        ListType = Text(openApiV3Schema, "x-kubernetes-list-type") switch
        {
            "map" => ListType.Map,
            "set" => ListType.Set,
            _ => ListType.Atomic,
        },
        ListMapKeys = Texts(openApiV3Schema, "x-kubernetes-list-map-keys"),
        Default = openApiV3Schema["default"]?.DeepClone(),
        Rules = Rules(openApiV3Schema),
    };

    private static SchemaType TypeOf(JsonObject schema) =>
        Flag(schema, "x-kubernetes-int-or-string")
            ? SchemaType.IntOrString
            : Text(schema, "type") switch
            {
                "object" => SchemaType.Object,
                "array" => SchemaType.List,
                "string" => SchemaType.String,
                "integer" => SchemaType.Integer,
                "number" => SchemaType.Number,
                "boolean" => SchemaType.Boolean,
                _ => SchemaType.Any,
            };

    private static Dictionary<string, Schema> Properties(JsonObject schema)
    {
        var properties = new Dictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            if (value is JsonObject property)
            {
                properties[name] = Parse(property);
            }
        }
        return properties;
    }

    private static ValueRules Rules(JsonObject schema) => new()
    {
        Enum = schema["enum"] is JsonArray values ? [.. values] : [],
        Pattern = Text(schema, "pattern"),
        MinLength = Count(schema, "minLength"),
        MaxLength = Count(schema, "maxLength"),
        Minimum = Number(schema, "minimum"),
        Maximum = Number(schema, "maximum"),
        ExclusiveMinimum = Flag(schema, "exclusiveMinimum"),
        ExclusiveMaximum = Flag(schema, "exclusiveMaximum"),
        MultipleOf = Number(schema, "multipleOf"),
        MinItems = Count(schema, "minItems"),
        MaxItems = Count(schema, "maxItems"),
        MinProperties = Count(schema, "minProperties"),
        MaxProperties = Count(schema, "maxProperties"),
        UniqueItems = Flag(schema, "uniqueItems"),
        Junctors = Junctors(schema),
        Cel = schema["x-kubernetes-validations"] is JsonArray rules ? [.. rules.OfType<JsonObject>().Select(Rule)] : [],
    };

    private static JsonObject? Junctors(JsonObject schema)
    {
        JsonObject? junctors = null;
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf", "not"])
        {
            if (schema[name] is { } junctor)
            {
                (junctors ??= [])[name] = junctor.DeepClone();
            }
        }
        return junctors;
    }

    private static CelRule Rule(JsonObject rule) => new(
        Text(rule, "rule") ?? "",
        Text(rule, "message") ?? "",
        Text(rule, "messageExpression") ?? "",
        Text(rule, "reason") ?? "",
        Text(rule, "fieldPath") ?? "",
        rule["optionalOldSelf"] is null ? null : Flag(rule, "optionalOldSelf"));

    private static Schema? Child(JsonObject schema, string name) => schema[name] switch
    {
        JsonObject child => Parse(child),
        JsonValue value when name == "additionalProperties" && value.GetValueKind() == JsonValueKind.True => Parse([]) with { PreserveUnknownFields = true },
        _ => null,
    };

    private static string? Text(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool Flag(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    private static long? Count(JsonObject schema, string name) =>
        JsonNumber.TryRead(schema[name], out var number) ? number.IsInteger ? number.Integer : (long)number.Double : null;

    private static double? Number(JsonObject schema, string name) =>
        JsonNumber.TryRead(schema[name], out var number) ? number.Double : null;

    private static IReadOnlyList<string> Texts(JsonObject schema, string name) =>
        schema[name] is JsonArray values
            ? [.. values.OfType<JsonValue>().Select(value => value.TryGetValue(out string? text) ? text : "").Where(text => text.Length > 0)]
            : [];
}
