using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>Writes the validations of a custom resource's schema node under their OpenAPI names; what is not set is left out.</summary>
internal static class RulesWriter
{
    public static void Write(JsonObject result, ValueRules rules)
    {
        Set(result, "pattern", rules.Pattern);
        Set(result, "minLength", rules.MinLength);
        Set(result, "maxLength", rules.MaxLength);
        Set(result, "minimum", rules.Minimum);
        Set(result, "maximum", rules.Maximum);
        Set(result, "exclusiveMinimum", True(rules.ExclusiveMinimum));
        Set(result, "exclusiveMaximum", True(rules.ExclusiveMaximum));
        Set(result, "multipleOf", rules.MultipleOf);
        Set(result, "minItems", rules.MinItems);
        Set(result, "maxItems", rules.MaxItems);
        Set(result, "minProperties", rules.MinProperties);
        Set(result, "maxProperties", rules.MaxProperties);
        Set(result, "uniqueItems", True(rules.UniqueItems));
        if (rules.Enum.Count > 0)
        {
            result["enum"] = new JsonArray([.. rules.Enum.Select(value => value?.DeepClone())]);
        }

        foreach ((string key, JsonNode? value) in rules.Junctors ?? [])
        {
            result[key] = value?.DeepClone();
        }

        if (rules.Cel.Count > 0)
        {
            result["x-kubernetes-validations"] = new JsonArray([.. rules.Cel.Select(Rule)]);
        }
    }

    private static JsonObject Rule(CelRule rule)
    {
        JsonObject result = new() { ["rule"] = rule.Rule };
        Set(result, "message", Text(rule.Message));
        Set(result, "messageExpression", Text(rule.MessageExpression));
        Set(result, "reason", Text(rule.Reason));
        Set(result, "fieldPath", Text(rule.FieldPath));
        Set(result, "optionalOldSelf", rule.OptionalOldSelf);
        return result;
    }

    private static void Set<T>(JsonObject result, string key, T? value)
    {
        if (value is not null)
        {
            result[key] = JsonValue.Create(value);
        }
    }

    private static string? Text(string text) => text.Length > 0 ? text : null;

    private static bool? True(bool flag) => flag ? true : null;
}
