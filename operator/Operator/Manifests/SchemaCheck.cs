using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s.Models;
using Slipway.Api.Validation;

namespace Slipway.Operator.Manifests;

/// <summary>Holds a value to a structural schema, as an API server does that refuses unknown fields.</summary>
internal static class SchemaCheck
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    /// <summary>Every field that is unknown, missing or of another type: what keeps the value from being read at all.</summary>
    public static IEnumerable<FieldError> Shape(V1JSONSchemaProps schema, JsonNode? value, string path)
    {
        if (!IsOfType(schema, value))
        {
            return [new(path, $"must be {TypeOf(schema)}, was {Shown(value)}.{Hint(schema, value)}")];
        }

        return value switch
        {
            JsonObject map => [.. Missing(schema, map, path), .. map.SelectMany(field => Field(schema, field.Key, field.Value, path))],
            JsonArray list when schema.Items is V1JSONSchemaProps items => list.SelectMany((item, i) => Shape(items, item, $"{path}[{i}]")),
            _ => [],
        };
    }

    /// <summary>Every value out of its bounds, in a value whose shape is right.</summary>
    public static IEnumerable<FieldError> Bounds(V1JSONSchemaProps schema, JsonNode? value, string path) => value switch
    {
        JsonObject map => [.. Count(schema.MinProperties, schema.MaxProperties, map.Count, path, "entries"), .. map.SelectMany(field => Child(schema, field.Key) is { } child ? Bounds(child, field.Value, Join(path, field.Key)) : [])],
        JsonArray list => [.. Count(schema.MinItems, schema.MaxItems, list.Count, path, "entries"), .. list.SelectMany((item, i) => schema.Items is V1JSONSchemaProps items ? Bounds(items, item, $"{path}[{i}]") : [])],
        JsonValue scalar => Scalar(schema, scalar, path),
        _ => [],
    };

    private static IEnumerable<FieldError> Missing(V1JSONSchemaProps schema, JsonObject map, string path) =>
        (schema.Required ?? []).Where(name => map[name] is null).Select(name => new FieldError(Join(path, name), "is missing."));

    private static IEnumerable<FieldError> Field(V1JSONSchemaProps schema, string name, JsonNode? value, string path)
    {
        if (Child(schema, name) is { } child)
        {
            // An explicit null is as if the field were not there.
            return value is null ? [] : Shape(child, value, Join(path, name));
        }

        return schema.XKubernetesPreserveUnknownFields == true || schema.Properties is null ? [] : [new(Join(path, name), "is no field of the API.")];
    }

    private static V1JSONSchemaProps? Child(V1JSONSchemaProps schema, string name) =>
        schema.Properties is { } known && known.TryGetValue(name, out var child) ? child : schema.AdditionalProperties as V1JSONSchemaProps;

    private static IEnumerable<FieldError> Scalar(V1JSONSchemaProps schema, JsonValue value, string path)
    {
        if (schema.EnumProperty is { Count: > 0 } words && words.All(word => Text(word) != Text(value)))
        {
            yield return new(path, $"{Shown(value)} is none of {string.Join(", ", words.Select(Text))}.");
        }

        if (value.GetValueKind() == JsonValueKind.Number && Number(value) is var number && (number < schema.Minimum || number > schema.Maximum))
        {
            yield return new(path, string.Create(CultureInfo.InvariantCulture, $"must be from {schema.Minimum} to {schema.Maximum}, was {number}."));
        }

        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = (string)value!;
            foreach (var error in Count(schema.MinLength, schema.MaxLength, text.Length, path, "characters"))
            {
                yield return error;
            }

            if (schema.Pattern is { Length: > 0 } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternLimit))
            {
                yield return new(path, $"{Shown(value)} does not match {pattern}.");
            }
        }
    }

    private static IEnumerable<FieldError> Count(long? least, long? most, int count, string path, string what)
    {
        if (count < least || count > most)
        {
            yield return new(path, string.Create(CultureInfo.InvariantCulture, $"must have {least ?? 0} to {most} {what}, has {count}."));
        }
    }

    private static bool IsOfType(V1JSONSchemaProps schema, JsonNode? value)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        return schema.XKubernetesIntOrString == true ? kind == JsonValueKind.String || (kind == JsonValueKind.Number && double.IsInteger(Number(value!)))
            : schema.Type switch
            {
                "object" => kind == JsonValueKind.Object,
                "array" => kind == JsonValueKind.Array,
                "string" => kind == JsonValueKind.String,
                "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
                "integer" => kind == JsonValueKind.Number && double.IsInteger(Number(value!)),
                "number" => kind == JsonValueKind.Number,
                _ => true,
            };
    }

    private static string TypeOf(V1JSONSchemaProps schema) => schema.XKubernetesIntOrString == true ? "a whole number or a string" : schema.Type switch
    {
        "object" => "a mapping",
        "array" => "a list",
        "integer" => "a whole number",
        var type => $"a {type}",
    };

    // YAML reads On and 7 as something else than words.
    private static string Hint(V1JSONSchemaProps schema, JsonNode? value) =>
        (schema.Type == "string" || schema.XKubernetesIntOrString == true) && value is JsonValue ? " Put it in quotes." : "";

    // Whatever type the number was read as.
    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Text(object value) => value is JsonElement { ValueKind: JsonValueKind.String } element ? element.GetString()! : value.ToString()!;

    private static string Shown(JsonNode? value)
    {
        const int most = 60;
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= most ? text : $"{text[..most]}…";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
