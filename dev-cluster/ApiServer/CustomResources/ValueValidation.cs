using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Checks an object against its schema's types and value rules. Given the object as it was, a part that did not change is not checked
/// again, so that a schema may become stricter than what is stored.
/// </summary>
internal sealed class ValueValidation(FieldPath path, List<FieldError> errors)
{
    /// <summary><paramref name="old"/> null means there is nothing to compare with.</summary>
    public void Check(CompiledSchema node, JsonNode? value, JsonNode? old)
    {
        // Parts without value rules are built-in (object metadata), which has its own validation.
        if (node.Schema.Rules is null || (old is not null && JsonNode.DeepEquals(value, old)))
        {
            return;
        }
        CheckType(node.Schema, value);
        CheckEnum(node.Schema.Rules, value);
        CheckJunctors(node, value);
        switch (value)
        {
            case JsonObject map:
                CheckObject(node, map, old as JsonObject);
                break;
            case JsonArray list:
                CheckList(node, list, old as JsonArray);
                break;
            case JsonValue scalar when JsonNumber.TryRead(scalar, out var number):
                NumberRules.Check(node.Schema, number, path, errors);
                break;
            case JsonValue scalar when scalar.TryGetValue(out string? text):
                CheckString(node, text);
                break;
            default:
                break;
        }
    }

    private void CheckType(Schema schema, JsonNode? value)
    {
        if (TypeCheck.Mismatch(schema, value) is var (wanted, given))
        {
            errors.Add(Cause.TypeInvalid(path.Dotted, GoText.Quote(given), $"{path.Sentence} in body must be of type {wanted}: {GoText.Quote(given)}"));
        }
    }

    private void CheckEnum(ValueRules rules, JsonNode? value)
    {
        if (rules.Enum.Count > 0 && !rules.Enum.Any(allowed => SameValue(allowed, value)))
        {
            var supported = rules.Enum.Select(allowed =>
                allowed is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : GoText.Json(allowed));
            errors.Add(Cause.NotSupported(path.Dotted, GoText.Value(value), supported));
        }
    }

    private static bool SameValue(JsonNode? allowed, JsonNode? value) =>
        JsonNumber.TryRead(allowed, out var left) && JsonNumber.TryRead(value, out var right)
            ? left.Double.Equals(right.Double)
            : JsonNode.DeepEquals(allowed, value);

    private void CheckString(CompiledSchema node, string text)
    {
        var rules = node.Schema.Rules!;
        var length = 0L;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }
        if (length > rules.MaxLength)
        {
            errors.Add(Cause.TooLong(path.Dotted, rules.MaxLength.Value));
        }
        else if (length < rules.MinLength)
        {
            Invalid(GoText.Quote(text), $"should be at least {rules.MinLength} chars long");
        }
        else if (node.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Invalid(GoText.Quote(text), $"should match '{rules.Pattern}'");
        }
        if (node.Schema.Type == SchemaType.String && !StringFormats.Matches(node.Schema.Format, text))
        {
            errors.Add(Cause.TypeInvalid(
                path.Dotted, GoText.Quote(text), $"{path.Sentence} in body must be of type {node.Schema.Format}: {GoText.Quote(text)}"));
        }
    }

    private void CheckList(CompiledSchema node, JsonArray list, JsonArray? old)
    {
        var rules = node.Schema.Rules!;
        if (list.Count < rules.MinItems)
        {
            Invalid(GoText.Json(list), $"should have at least {rules.MinItems} items");
        }
        if (list.Count > rules.MaxItems)
        {
            errors.Add(Cause.TooMany(path.Dotted, list.Count, rules.MaxItems.Value));
        }
        if (rules.UniqueItems && list.Where((item, at) => list.Take(at).Any(other => JsonNode.DeepEquals(item, other))).Any())
        {
            Invalid(GoText.Json(list), "shouldn't contain duplicates");
        }
        if (node.Items is not { } items)
        {
            return;
        }
        for (var i = 0; i < list.Count; i++)
        {
            path.Enter(i);
            Check(items, list[i], old is null ? null : ListKeys.Counterpart(node.Schema, list[i], old));
            path.Leave();
        }
    }

    private void CheckObject(CompiledSchema node, JsonObject map, JsonObject? old)
    {
        var rules = node.Schema.Rules!;
        if (map.Count < rules.MinProperties)
        {
            Invalid(GoText.Json(map), $"should have at least {rules.MinProperties} properties");
            return;
        }
        if (map.Count > rules.MaxProperties)
        {
            errors.Add(Cause.TooMany(path.Dotted, map.Count, rules.MaxProperties.Value));
            return;
        }
        foreach (var name in node.Schema.Required)
        {
            if (!map.ContainsKey(name))
            {
                path.Enter(name);
                errors.Add(Cause.Required(path.Dotted));
                path.Leave();
            }
        }
        foreach (var (name, value) in map)
        {
            var child = node.Properties.GetValueOrDefault(name) ?? node.AdditionalProperties;
            if (child is not null)
            {
                path.EnterKey(name);
                Check(child, value, old?[name]);
                path.Leave();
            }
        }
    }

    private void CheckJunctors(CompiledSchema node, JsonNode? value)
    {
        if (node.AllOf.Count > 0)
        {
            var (valid, failures) = Try(node.AllOf, value);
            if (valid < node.AllOf.Count)
            {
                Junctor($"must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}", failures);
            }
        }
        if (node.AnyOf.Count > 0)
        {
            var (valid, failures) = Try(node.AnyOf, value);
            if (valid == 0)
            {
                Junctor("must validate at least one schema (anyOf)", failures);
            }
        }
        if (node.OneOf.Count > 0)
        {
            var (valid, failures) = Try(node.OneOf, value);
            if (valid != 1)
            {
                var found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
                Junctor($"must validate one and only one schema (oneOf). {found}", valid == 0 ? failures : []);
            }
        }
        if (node.Not is { } not && Try([not], value).Valid == 1)
        {
            Junctor("must not validate the schema (not)", []);
        }
    }

    private (int Valid, IReadOnlyList<FieldError> Failures) Try(IReadOnlyList<CompiledSchema> alternatives, JsonNode? value)
    {
        var valid = 0;
        List<FieldError> failures = [];
        foreach (var alternative in alternatives)
        {
            List<FieldError> found = [];
            new ValueValidation(path, found).Check(alternative, value, null);
            valid += found.Count == 0 ? 1 : 0;
            // The alternative that came closest speaks for all.
            failures = found.Count > 0 && (failures.Count == 0 || found.Count < failures.Count) ? found : failures;
        }
        return (valid, failures);
    }

    private void Junctor(string words, IReadOnlyList<FieldError> failures)
    {
        errors.Add(Cause.Invalid(FieldPath.None, "\"\"", $"{GoText.Quote(path.Sentence)} {words}"));
        errors.AddRange(failures);
    }

    private void Invalid(string value, string words) =>
        errors.Add(Cause.Invalid(path.Dotted, value, $"{path.Sentence} in body {words}"));
}
