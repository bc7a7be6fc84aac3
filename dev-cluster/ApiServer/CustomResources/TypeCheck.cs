using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Compares a value's JSON type, and its number format, with what a schema says.</summary>
internal static class TypeCheck
{
    /// <summary>What the schema wants and what came, in the API server's words; null when they agree.</summary>
    public static (string Wanted, string Given)? Mismatch(Schema schema, JsonNode? value)
    {
        var wanted = Name(schema.Type);
        if (value is null)
        {
            return wanted.Length == 0 || schema.Nullable ? null : (wanted, "null");
        }
        var (given, format) = Describe(value);
        var fits = Fits(schema.Type, given, value);
        // Numbers and booleans are compared with the format first; strings and lists only with the type.
        if (given is not ("string" or "array") && schema.Format.Length > 0 && !fits && format != schema.Format)
        {
            return (schema.Format, format);
        }
        return fits || wanted.Length == 0 ? null : (wanted, given);
    }

    private static bool Fits(SchemaType type, string given, JsonNode value) => type switch
    {
        SchemaType.Any => true,
        SchemaType.Object => given == "object",
        SchemaType.List => given == "array",
        SchemaType.String => given == "string",
        SchemaType.Boolean => given == "boolean",
        SchemaType.Number => given is "number" or "integer",
        SchemaType.Integer => IsWhole(value),
        SchemaType.IntOrString => given == "string" || IsWhole(value),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such schema type"),
    };

    private static bool IsWhole(JsonNode value) => JsonNumber.TryRead(value, out var number) && number.IsWhole;

    /// <summary>The word of OpenAPI for a type; empty for any.</summary>
    public static string Name(SchemaType type) => type switch
    {
        SchemaType.Any => "",
        SchemaType.Object => "object",
        SchemaType.List => "array",
        SchemaType.String => "string",
        SchemaType.Boolean => "boolean",
        SchemaType.Number => "number",
        SchemaType.Integer => "integer",
        SchemaType.IntOrString => "integer,string",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such schema type"),
    };

    private static (string Type, string Format) Describe(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => ("object", ""),
        JsonValueKind.Array => ("array", ""),
        JsonValueKind.String => ("string", ""),
        JsonValueKind.Number when JsonNumber.TryRead(value, out var number) && number.IsInteger => ("integer", "int64"),
        JsonValueKind.Number => ("number", "float64"),
        _ => ("boolean", ""),
    };
}
