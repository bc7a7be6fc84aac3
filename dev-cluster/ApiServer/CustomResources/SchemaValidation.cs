using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Whether a definition's schema can be used: sound by itself, structural, with defaults that fit, with rules that compile and do not cost
/// too much.
/// </summary>
internal static class SchemaValidation
{
    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        var cost = new RuleCosts();
        new SchemaRules(errors, cost).Check(schema, RuleContext.Root(path));
        cost.Report(path, errors);
        List<FieldError> structural = [];
        StructuralRules.Check(schema, path, SchemaLevel.Root, structural);
        if (structural.Count == 0)
        {
            CheckDefaults(schema, path, structural);
        }
        errors.AddRange(structural);
    }

    private static void CheckDefaults(JsonObject schema, string path, List<FieldError> errors)
    {
        foreach (var (name, value) in schema)
        {
            switch (value)
            {
                case JsonObject properties when name == "properties":
                    foreach (var (property, child) in properties)
                    {
                        CheckDefaults(child as JsonObject ?? [], $"{path}.properties[{property}]", errors);
                    }
                    break;
                case JsonObject child when name is "items" or "additionalProperties":
                    CheckDefaults(child, $"{path}.{name}", errors);
                    break;
                default:
                    break;
            }
        }
        if (schema["default"] is { } standard)
        {
            CheckDefault(schema, standard, path + ".default", errors);
        }
    }

    private static void CheckDefault(JsonObject schema, JsonNode standard, string path, List<FieldError> errors)
    {
        // The default is held against everything but itself.
        var compiled = CompiledSchema.For(StructuralSchema.Parse(schema));
        var complete = standard.DeepClone();
        if (complete is JsonObject fields)
        {
            Schemas.Defaulter.Apply(compiled.Schema, fields);
        }
        List<FieldError> found = [];
        new ValueValidation(new FieldPath(path), found).Check(compiled, complete, null);
        ListKeys.Check(compiled.Schema, complete, new FieldPath(path), found);
        if (found.Count == 0)
        {
            new RuleValidation(new FieldPath(path), found).Check(compiled, complete, null);
        }
        errors.AddRange(found);
    }
}
