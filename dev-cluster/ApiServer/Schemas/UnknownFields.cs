using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Fields that a schema does not know, for <c>fieldValidation</c>.</summary>
internal static class UnknownFields
{
    /// <returns>Paths as in "spec.template.spec.containers[0].imag", in the order of the object.</returns>
    public static IReadOnlyList<string> Find(Schema schema, JsonObject value)
    {
        var found = new List<string>();
        Visit(schema.AsResource(), value, "", found);
        return found;
    }

    private static void Visit(Schema schema, JsonNode? value, string path, List<string> found)
    {
        switch (value)
        {
            case JsonObject fields when schema.Type is SchemaType.Object or SchemaType.Any:
                foreach (var (name, child) in fields)
                {
                    var childPath = path.Length == 0 ? name : $"{path}.{name}";
                    if (schema.Field(name) is not { } field)
                    {
                        found.Add(childPath);
                    }
                    else if (child is JsonObject or JsonArray && !ReferenceEquals(field, SchemaFields.Untyped))
                    {
                        Visit(field, child, childPath, found);
                    }
                }

                break;
            case JsonArray items when schema.Items is { } itemSchema:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonObject or JsonArray)
                    {
                        Visit(itemSchema, items[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), found);
                    }
                }

                break;
        }
    }
}
