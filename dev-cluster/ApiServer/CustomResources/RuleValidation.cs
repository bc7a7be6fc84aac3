using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Runs the CEL rules of a schema on an object, parents before children, within one budget.</summary>
internal sealed class RuleValidation(FieldPath path, List<FieldError> errors)
{
    private const int LongestMessage = 5120;

    private readonly Budget _budget = new();
    private bool _stopped;

    /// <summary><paramref name="old"/> is the value that this one replaces; null when it is new or its predecessor cannot be told.</summary>
    public void Check(CompiledSchema node, JsonNode? value, JsonNode? old)
    {
        if (!node.HasRules || value is null || _stopped)
        {
            return;
        }
        if (node.Rules.Count > 0)
        {
            var unchanged = old is not null && JsonNode.DeepEquals(value, old);
            foreach (var rule in node.Rules)
            {
                Run(rule, node, value, old, unchanged);
            }
        }
        switch (value)
        {
            case JsonObject map:
                CheckFields(node, map, old as JsonObject);
                break;
            case JsonArray list when node.Items is { HasRules: true } items:
                for (var i = 0; i < list.Count; i++)
                {
                    path.Enter(i);
                    Check(items, list[i], old is JsonArray before ? ListKeys.Counterpart(node.Schema, list[i], before) : null);
                    path.Leave();
                }
                break;
            default:
                break;
        }
    }

    private void CheckFields(CompiledSchema node, JsonObject map, JsonObject? old)
    {
        foreach (var (name, child) in node.Properties)
        {
            if (child.HasRules && map[name] is { } value)
            {
                path.Enter(name);
                Check(child, value, old?[name]);
                path.Leave();
            }
        }
        if (node.AdditionalProperties is { HasRules: true } values)
        {
            foreach (var (key, value) in map)
            {
                path.EnterKey(key);
                Check(values, value, old?[key]);
                path.Leave();
            }
        }
    }

    private void Run(CompiledRule rule, CompiledSchema node, JsonNode value, JsonNode? old, bool unchanged)
    {
        var optional = rule.Rule.OptionalOldSelf == true;
        if (_stopped || (rule.Program is { UsesOldSelf: true } && old is null && !optional))
        {
            return;
        }
        // A rule that looks at this value alone may fail on what was there before it.
        if (unchanged && rule.Program is { UsesOldSelf: false })
        {
            return;
        }
        if (rule.Program is null)
        {
            Report(node, $"rule compile error: {rule.Fault}");
            return;
        }
        var self = JsonValues.Read(value, node.Schema);
        var before = old is null ? null : JsonValues.Read(old, node.Schema);
        var oldSelf = optional ? old is null ? CelOptional.None : CelOptional.Of(before) : before;
        try
        {
            if (rule.Program.Run(self, oldSelf, _budget) is not true)
            {
                errors.Add(Broken(rule, value, Message(rule, self, oldSelf)));
            }
        }
        catch (CelException e)
        {
            ReportFault(rule, node, e);
        }
    }

    private void ReportFault(CompiledRule rule, CompiledSchema node, CelException fault)
    {
        if (fault.OverBudget)
        {
            _stopped = true;
            Report(node, _budget.Exhausted
                ? "validation failed due to running out of cost budget, no further validation rules will be run"
                : $"'{fault.Message}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Text}");
        }
        else if (fault.Message.StartsWith("no such overload", StringComparison.Ordinal))
        {
            Report(node, $"'{fault.Message}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Text}");
        }
        else
        {
            Report(node, $"{fault.Message} evaluating rule: {rule.Text}");
        }
    }

    private string Message(CompiledRule rule, object? self, object? oldSelf)
    {
        if (rule.Message is null)
        {
            return rule.Sentence;
        }
        try
        {
            return rule.Message.Run(self, oldSelf, _budget) is string text && text.Trim() is { Length: > 0 and <= LongestMessage } message && !message.Contains('\n')
                ? message
                : rule.Sentence;
        }
        catch (CelException e) when (!e.OverBudget)
        {
            return rule.Sentence;
        }
    }

    private FieldError Broken(CompiledRule rule, JsonNode value, string message)
    {
        var field = (path.IsRoot, rule.FieldPath.Length) switch
        {
            (_, 0) => path.ToString(),
            (true, _) => rule.FieldPath,
            _ => rule.FieldPath.StartsWith('[') ? path + rule.FieldPath : $"{path}.{rule.FieldPath}",
        };
        return rule.Rule.Reason switch
        {
            "FieldValueForbidden" => Cause.Forbidden(field, message),
            "FieldValueRequired" => Cause.Required(field, message),
            "FieldValueDuplicate" => Cause.Duplicate(field, Printed(value) ?? GoText.Json(value)),
            _ => Cause.Invalid(field, Printed(value), message),
        };
    }

    /// <summary>A fault shows the type of the value that the rule was for in its place.</summary>
    private void Report(CompiledSchema node, string detail) => errors.Add(Cause.Invalid(path.ToString(), GoText.Quote(TypeCheck.Name(node.Schema.Type)), detail));

    // Objects and lists are left out of messages: they would be long.
    private static string? Printed(JsonNode value) => value is JsonValue ? GoText.Value(value) : null;
}
