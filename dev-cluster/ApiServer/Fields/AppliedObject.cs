using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>Whether an applied object fits its schema: apply knows no leniency, since it must know what each field is.</summary>
internal static class AppliedObject
{
    /// <exception cref="StatusException">500 without a reason, as Kubernetes answers.</exception>
    public static void Check(Schema schema, JsonObject applied)
    {
        var errors = new List<string>();
        Visit(schema.AsResource(), applied, "", errors);
        if (errors.Count == 0)
        {
            return;
        }

        var metadata = applied["metadata"];
        var list = errors.Count == 1 ? errors[0] : $"errors:\n{string.Join('\n', errors.Select(error => $"  {error}"))}";
        throw new StatusException(500, "",
            $"failed to create typed patch object ({metadata?["namespace"]}/{metadata?["name"]}; {applied["apiVersion"]}, Kind={applied["kind"]}): {list}");
    }

    private static void Visit(Schema schema, JsonNode? value, string path, List<string> errors)
    {
        switch (schema.Type)
        {
            case SchemaType.Object when value is JsonObject fields:
                foreach (var (name, child) in fields)
                {
                    var childPath = $"{path}.{name}";
                    if (schema.Field(name) is { } field)
                    {
                        Visit(field, child, childPath, errors);
                    }
                    else
                    {
                        errors.Add($"{childPath}: field not declared in schema");
                    }
                }

                break;
            case SchemaType.List when value is JsonArray items:
                VisitItems(schema, items, path, errors);
                break;
            default:
                if (value is not null && Expected(schema, value) is { } expected)
                {
                    errors.Add($"{path}: expected {expected}");
                }

                break;
        }
    }

    private static void VisitItems(Schema schema, JsonArray items, string path, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (schema.ListType == ListType.Atomic)
            {
                Visit(schema.ItemSchema(), items[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), errors);
                continue;
            }

            if (PathElements.Item(schema, items[i]) is not { } element)
            {
                var keys = string.Join(' ', schema.ListMapKeys.Select(key => $"\"{key}\""));
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: element {i}: associative list with keys has an element that omits ")
                    + $"all key fields [{keys}] (and doesn't have default values for any key fields)");
                continue;
            }

            if (!seen.Add(element))
            {
                errors.Add($"{path}: duplicate entries for key {PathElements.Show(element)}");
            }

            Visit(schema.ItemSchema(), items[i], path + PathElements.Show(element), errors);
        }
    }

    private static string? Expected(Schema schema, JsonNode value)
    {
        var kind = value.GetValueKind();
        return schema.Type switch
        {
            SchemaType.Object => $"map, got {GoValue(value)}",
            SchemaType.List => $"list, got {GoValue(value)}",
            SchemaType.Integer or SchemaType.Number when kind != JsonValueKind.Number => $"numeric (int or float), got {GoType(kind)}",
            SchemaType.String when kind != JsonValueKind.String => $"string, got {GoValue(value)}",
            SchemaType.Boolean when kind is not (JsonValueKind.True or JsonValueKind.False) => $"boolean, got {GoValue(value)}",
            _ => null,
        };
    }

    private static string GoType(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "[]interface {}",
        _ => "map[string]interface {}",
    };

    private static string GoValue(JsonNode value) => $"&{{{(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString())}}}";
}
