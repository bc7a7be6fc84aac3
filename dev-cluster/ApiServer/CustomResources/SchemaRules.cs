using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>What every node of a definition's schema must keep, whatever stands around it; at the end, its CEL rules.</summary>
internal sealed class SchemaRules(List<FieldError> errors, RuleCosts costs)
{
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    /// <summary>True when the node and everything below it is sound; only then are CEL rules looked at.</summary>
    public bool Check(JsonObject schema, RuleContext context)
    {
        var before = errors.Count;
        CheckNode(schema, context.Path);
        ListTypeRules.Check(schema, context.Path, errors);
        ExpressionRules.CheckShape(schema, context.Path, errors);
        var sound = errors.Count == before;
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            sound &= property is JsonObject child && Check(child, context.Property(name, child));
        }
        if (schema["additionalProperties"] is JsonObject values)
        {
            sound &= Check(values, context.Values(schema, values));
        }
        if (schema["items"] is JsonObject items)
        {
            sound &= Check(items, context.Items(schema, items));
        }
        if (sound)
        {
            ExpressionRules.CheckExpressions(schema, context, costs, errors);
        }
        return sound;
    }

    private void CheckNode(JsonObject schema, string path)
    {
        var type = Text(schema["type"]);
        if (type == "null")
        {
            errors.Add(Cause.Forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative"));
        }
        else if (type.Length > 0 && !Types.Contains(type))
        {
            errors.Add(Cause.NotSupported(path + ".type", GoText.Quote(type), Types));
        }
        if (schema["uniqueItems"]?.GetValueKind() == JsonValueKind.True)
        {
            errors.Add(Cause.Forbidden(path + ".uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }
        if (schema["additionalProperties"] is { } additional)
        {
            if (schema["properties"] is JsonObject { Count: > 0 })
            {
                errors.Add(Cause.Forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive"));
            }
            if (additional.GetValueKind() == JsonValueKind.False)
            {
                errors.Add(Cause.Forbidden(path + ".additionalProperties", "additionalProperties cannot be set to false"));
            }
        }
        var pattern = Text(schema["pattern"]);
        if (pattern.Length > 0 && !Re2.TryCompile(pattern, out _, out var error))
        {
            errors.Add(Cause.Invalid(path + ".pattern", GoText.Quote(pattern), "must be a valid regular expression, but isn't: " + error));
        }
        if (type == "array" && schema["items"] is null)
        {
            errors.Add(Cause.Required(path + ".items", "must be specified"));
        }
        if (StringFormats.Unsupported.Contains(Text(schema["format"])))
        {
            throw new StatusException(501, "NotImplemented", $"{path}.format: {Text(schema["format"])} is not supported by this server");
        }
        foreach (var forbidden in (ReadOnlySpan<string>)["definitions", "dependencies", "patternProperties", "$ref", "id"])
        {
            if (schema[forbidden] is not null)
            {
                errors.Add(Cause.Forbidden($"{path}.{forbidden}", $"{forbidden} is not supported"));
            }
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
