using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The <c>x-kubernetes-validations</c> of one node: their form, whether they compile, and what they may cost.</summary>
internal static class ExpressionRules
{
    private static readonly string[] Reasons = ["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"];

    public static void CheckShape(JsonObject schema, string path, List<FieldError> errors)
    {
        var rules = StructuralSchema.Parse(schema).Rules!.Cel;
        for (var i = 0; i < rules.Count; i++)
        {
            var (rule, at) = (rules[i], $"{path}.x-kubernetes-validations[{i}]");
            if (rule.Rule.Trim().Length == 0)
            {
                errors.Add(Cause.Required(at + ".rule", "rule is not specified"));
            }
            if (rule.Message.Length > 0 && rule.Message.Trim().Length == 0)
            {
                errors.Add(Cause.Invalid(at + ".message", GoText.Quote(rule.Message), "message must be non-empty if specified"));
            }
            else if (rule.Message.Contains('\n'))
            {
                errors.Add(Cause.Invalid(at + ".message", GoText.Quote(rule.Message), "message must not contain line breaks"));
            }
            if (rule.Rule.Contains('\n') && rule.Message.Length == 0)
            {
                errors.Add(Cause.Required(at + ".message", "message must be specified if rule contains line breaks"));
            }
            if (rule.Reason.Length > 0 && !Reasons.Contains(rule.Reason))
            {
                errors.Add(Cause.NotSupported(at + ".reason", GoText.Quote(rule.Reason), Reasons));
            }
            if (rule.FieldPath.Length > 0 && !Leads(schema, rule.FieldPath))
            {
                errors.Add(Cause.Invalid(at + ".fieldPath", GoText.Quote(rule.FieldPath), "fieldPath must be a valid path: does not refer to a valid field"));
            }
        }
    }

    public static void CheckExpressions(JsonObject schema, RuleContext context, RuleCosts costs, List<FieldError> errors)
    {
        if (schema["x-kubernetes-validations"] is not JsonArray { Count: > 0 } list)
        {
            return;
        }
        var parsed = StructuralSchema.Parse(schema);
        if (SchemaTypes.Of(parsed, context.IsResource) is not { } type)
        {
            return;
        }
        for (var i = 0; i < list.Count; i++)
        {
            var rule = parsed.Rules!.Cel[i];
            var at = $"{context.Path}.x-kubernetes-validations[{i}]";
            Check(rule, rule.Rule, at + ".rule", "rule", CelKind.Bool);
            if (rule.MessageExpression.Length > 0)
            {
                Check(rule, rule.MessageExpression, at + ".messageExpression", "messageExpression", CelKind.String);
            }
        }

        void Check(CelRule rule, string source, string field, string what, CelKind wanted)
        {
            CelProgram program;
            try
            {
                program = CelProgram.Compile(source, type, rule.OptionalOldSelf == true);
            }
            catch (CelException e) when (e.Unsupported)
            {
                throw new StatusException(501, "NotImplemented", $"{field}: {e.Message}: this function of Kubernetes is not supported by this server");
            }
            catch (CelException e)
            {
                var detail = what == "rule" ? "compilation failed: " : "messageExpression compilation failed: ";
                errors.Add(Cause.Invalid(field, Print(rule), detail + e.Report(source)));
                return;
            }
            if (program.Type.Kind != wanted && program.Type.Kind != CelKind.Dyn)
            {
                errors.Add(Cause.Invalid(field, Print(rule), wanted == CelKind.Bool
                    ? "cel expression must evaluate to a bool" : "messageExpression must evaluate to a string"));
                return;
            }
            CheckUse(program, rule, field, what);
        }

        void CheckUse(CelProgram program, CelRule rule, string field, string what)
        {
            var times = context.Cardinality ?? (ulong)(CelType.LargestRequest / (type.MinSerializedSize + 1));
            if (costs.Add(field, what, Cost.Product(program.Cost.Max, times)) is { } tooMuch)
            {
                errors.Add(Cause.Forbidden(field, tooMuch));
            }
            if (program.UsesOldSelf && context.Uncorrelatable is { } list)
            {
                errors.Add(Cause.Invalid(field, GoText.Quote(rule.Rule), $"oldSelf cannot be used on the uncorrelatable portion of the schema within {list}"));
            }
        }
    }

    // The server prints the rule as its own type holds it.
    private static string Print(CelRule rule) =>
        $"{{\"Rule\":{Quoted(rule.Rule)},\"Message\":{Quoted(rule.Message)},\"MessageExpression\":{Quoted(rule.MessageExpression)},"
        + $"\"Reason\":{(rule.Reason.Length == 0 ? "null" : Quoted(rule.Reason))},\"FieldPath\":{Quoted(rule.FieldPath)},"
        + $"\"OptionalOldSelf\":{(rule.OptionalOldSelf is { } optional ? optional ? "true" : "false" : "null")}}}";

    private static string Quoted(string text) => GoText.Json(JsonValue.Create(text));

    private static bool Leads(JsonObject schema, string path)
    {
        JsonNode? node = schema;
        foreach (var step in path.Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).TrimStart('.').Split('.'))
        {
            node = node?["properties"]?[step] ?? (node as JsonObject)?["additionalProperties"] as JsonObject;
        }
        return node is JsonObject;
    }
}
