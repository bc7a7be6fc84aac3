using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// Sets defaults that a schema declares: on absent fields, and on nulls where null is not allowed. A defaulted object is itself defaulted.
/// </summary>
internal static class Defaulter
{
    public static void Apply(Schema schema, JsonObject value)
    {
        foreach (var (name, field) in schema.Properties)
        {
            if (field.Default is not { } standard)
            {
                continue;
            }

            // Null on a field that may not be null counts as absent.
            if (!value.TryGetPropertyValue(name, out var present) || (present is null && !field.Nullable))
            {
                value[name] = standard.DeepClone();
            }
        }

        foreach (var (name, child) in value)
        {
            if (child is JsonObject or JsonArray && schema.Field(name) is { } field)
            {
                Visit(field, child);
            }
        }
    }

    private static void Visit(Schema schema, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject fields when !ReferenceEquals(schema, SchemaFields.Untyped):
                Apply(schema, fields);
                break;
            case JsonArray items when schema.Items is { } itemSchema:
                foreach (var item in items)
                {
                    Visit(itemSchema, item);
                }

                break;
        }
    }
}
