using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Paths that a definition names: of its scale subresource, its selectable fields and its printer columns.</summary>
internal static partial class DefinitionSubresources
{
    private static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];

    public static void Check(JsonArray versions, List<FieldError> errors)
    {
        foreach (var part in DefinitionPart.Of(versions, "subresources", "subresources"))
        {
            if (part.Value?["scale"] is JsonObject scale)
            {
                CheckScale(scale, part.Path + ".scale", errors);
            }
        }
        foreach (var part in DefinitionPart.Of(versions, "additionalPrinterColumns", "additionalPrinterColumns"))
        {
            CheckColumns(part, errors);
        }
        var fields = DefinitionPart.Of(versions, "selectableFields", "selectableFields");
        for (var i = 0; i < fields.Count; i++)
        {
            CheckSelectable(fields[i], versions[i]?["schema"]?["openAPIV3Schema"] as JsonObject, errors);
        }
    }

    private static void CheckScale(JsonObject scale, string path, List<FieldError> errors)
    {
        CheckPath("specReplicasPath", ".spec.", "should be a json path under .spec", required: true);
        CheckPath("statusReplicasPath", ".status.", "should be a json path under .status", required: true);
        CheckPath("labelSelectorPath", ".", "should be a json path under either .spec or .status", required: false);

        void CheckPath(string name, string prefix, string rule, bool required)
        {
            var value = Text(scale[name]);
            var field = $"{path}.{name}";
            if (value.Length == 0)
            {
                if (required)
                {
                    errors.Add(Cause.Required(field));
                }
            }
            else if (!SimplePath().IsMatch(value))
            {
                errors.Add(Cause.Invalid(field, GoText.Quote(value), "must be a simple json path starting with ."));
            }
            else if (!value.StartsWith(prefix, StringComparison.Ordinal)
                || (prefix == "." && !value.StartsWith(".spec.", StringComparison.Ordinal) && !value.StartsWith(".status.", StringComparison.Ordinal)))
            {
                errors.Add(Cause.Invalid(field, GoText.Quote(value), rule));
            }
        }
    }

    private static void CheckColumns(DefinitionPart part, List<FieldError> errors)
    {
        var columns = part.Value as JsonArray ?? [];
        for (var i = 0; i < columns.Count; i++)
        {
            foreach (var name in (ReadOnlySpan<string>)["name", "type", "jsonPath"])
            {
                var value = Text(columns[i]?[name]);
                if (value.Length == 0)
                {
                    errors.Add(Cause.Required($"{part.Path}[{i}].{(name == "jsonPath" ? "JSONPath" : name)}"));
                }
                else if (name == "type" && !ColumnTypes.Contains(value))
                {
                    errors.Add(Cause.NotSupported($"{part.Path}[{i}].type", GoText.Quote(value), ColumnTypes));
                }
            }
        }
    }

    private static void CheckSelectable(DefinitionPart part, JsonObject? schema, List<FieldError> errors)
    {
        if (part.Value is not JsonArray { Count: > 0 } fields)
        {
            return;
        }
        if (schema is null)
        {
            errors.Add(Cause.Invalid(part.Path, "\"\"", "may only be set when validations.schema is included"));
            return;
        }
        if (fields.Count > 8)
        {
            errors.Add(Cause.TooMany(part.Path, fields.Count, 8));
        }
        for (var i = 0; i < fields.Count; i++)
        {
            var path = Text(fields[i]?["jsonPath"]);
            var field = $"{part.Path}[{i}].jsonPath";
            if (path.Length == 0)
            {
                errors.Add(Cause.Required(field));
            }
            else if (!SimplePath().IsMatch(path))
            {
                errors.Add(Cause.Invalid(field, GoText.Quote(path), "must be a simple json path starting with ."));
            }
            else if (Find(schema, path) is not JsonObject leaf || Text(leaf["type"]) is not ("string" or "integer" or "boolean"))
            {
                errors.Add(Cause.Invalid(field, GoText.Quote(path), "is an invalid path: does not refer to a valid field"));
            }
        }
    }

    private static JsonNode? Find(JsonObject schema, string path) =>
        path[1..].Split('.').Aggregate((JsonNode?)schema, (node, name) => (node as JsonObject)?["properties"]?[name]);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    [GeneratedRegex(@"^\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\z")]
    private static partial Regex SimplePath();
}
