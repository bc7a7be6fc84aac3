using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// Brings an object into the form in which it is stored: undeclared fields go, and for built-in kinds so do nulls and those zero values that mean
/// "unset", fields that are always there appear, quantities and times become canonical.
/// </summary>
internal static class Pruner
{
    public static void Prune(Schema schema, JsonObject value) => PruneObject(schema.AsResource(), value);

    private static void PruneObject(Schema schema, JsonObject value)
    {
        List<string>? dropped = null;
        List<KeyValuePair<string, JsonNode>>? replaced = null;
        foreach (var (name, child) in value)
        {
            if (schema.Field(name) is not { } field || IsUnset(field, child))
            {
                (dropped ??= []).Add(name);
                continue;
            }

            if (Visit(field, child) is { } replacement)
            {
                (replaced ??= []).Add(new(name, replacement));
            }
            else if (field.Omission == Omission.Zero && child is JsonObject { Count: 0 })
            {
                (dropped ??= []).Add(name);
            }
        }

        foreach (var name in dropped ?? [])
        {
            value.Remove(name);
        }

        foreach (var (name, replacement) in replaced ?? [])
        {
            value[name] = replacement;
        }

        AddAlwaysPresent(schema, value);
    }

    private static void AddAlwaysPresent(Schema schema, JsonObject value)
    {
        if (schema.Omission == Omission.Nothing && !schema.EmbeddedResource)
        {
            return;
        }

        foreach (var (name, field) in schema.Properties)
        {
            if (field.AlwaysPresent && !value.ContainsKey(name))
            {
                value[name] = Zero.Of(field);
            }
        }
    }

    /// <returns>A node to put in place of the value; null when the value itself was pruned or stays.</returns>
    private static JsonValue? Visit(Schema schema, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject fields when schema.Type == SchemaType.Object:
                PruneObject(schema, fields);
                return null;
            case JsonArray items when schema.Items is { } itemSchema:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Visit(itemSchema, items[i]) is { } replacement)
                    {
                        items[i] = replacement;
                    }
                }

                return null;
            case JsonValue scalar:
                return Canonical(schema, scalar);
            default:
                return null;
        }
    }

    private static JsonValue? Canonical(Schema schema, JsonValue value)
    {
        if (schema.Quantity && schema.Rules is null)
        {
            var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            return Quantity.TryParse(text, out var quantity) && (value.GetValueKind() != JsonValueKind.String || quantity.ToString() != text)
                ? JsonValue.Create(quantity.ToString())
                : null;
        }

        return schema.Type == SchemaType.String && schema.Omission != Omission.Nothing && value.GetValueKind() == JsonValueKind.String
            ? Timestamps.Canonical(schema.Format, value.GetValue<string>())
            : null;
    }

    private static bool IsUnset(Schema field, JsonNode? value) => field.Omission switch
    {
        Omission.Nothing => field.AlwaysPresent && field.Type == SchemaType.Object && value is null,
        Omission.Null => value is null,
        Omission.Zero => value is null || Zero.Is(value),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Omission, "unknown omission"),
    };
}
