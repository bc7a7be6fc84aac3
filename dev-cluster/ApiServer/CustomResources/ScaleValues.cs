using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The values at the paths of the scale subresource must be usable by it.</summary>
internal static class ScaleValues
{
    public static void Check(ScalePaths paths, JsonObject value, List<FieldError> errors)
    {
        CheckReplicas(value, paths.SpecReplicas, errors);
        CheckReplicas(value, paths.StatusReplicas, errors);
        if (paths.LabelSelector is { Length: > 0 } selectorPath)
        {
            var reached = Find(value, selectorPath, out var selector, out var error);
            if (reached && selector is not null && selector.GetValueKind() != JsonValueKind.String)
            {
                error = Accessor(selectorPath, selector, "string");
            }
            if (error.Length > 0)
            {
                errors.Add(Cause.Invalid(selectorPath, "\"\"", error));
            }
        }
    }

    private static void CheckReplicas(JsonObject value, string path, List<FieldError> errors)
    {
        if (!Find(value, path, out var found, out var error))
        {
            errors.Add(Cause.Invalid(path, "0", error));
        }
        else if (found is not null && !(JsonNumber.TryRead(found, out var count) && count.IsInteger))
        {
            errors.Add(Cause.Invalid(path, "0", Accessor(path, found, "int64")));
        }
        else if (JsonNumber.TryRead(found, out count) && count.Integer is < 0 or > int.MaxValue)
        {
            var words = count.Integer < 0 ? "should be a non-negative integer" : $"should be less than or equal to {int.MaxValue}";
            errors.Add(Cause.Invalid(path, count.ToString(), words));
        }
    }

    // False: something on the way is no object, and error says what.
    private static bool Find(JsonObject root, string path, out JsonNode? found, out string error)
    {
        found = root;
        error = "";
        foreach (var name in path.TrimStart('.').Split('.'))
        {
            if (found is not JsonObject map)
            {
                error = found is null ? "" : Accessor(path, found, "map[string]interface{}");
                return found is null;
            }
            found = map[name];
        }
        return true;
    }

    private static string Accessor(string path, JsonNode? value, string expected)
    {
        var type = value switch
        {
            null => "<nil>",
            JsonObject => "map[string]interface {}",
            JsonArray => "[]interface {}",
            _ when JsonNumber.TryRead(value, out var number) => number.IsInteger ? "int64" : "float64",
            _ => value.GetValueKind() == JsonValueKind.String ? "string" : "bool",
        };
        var printed = value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : GoText.Json(value);
        return $"{path} accessor error: {printed} is of the type {type}, expected {expected}";
    }
}
