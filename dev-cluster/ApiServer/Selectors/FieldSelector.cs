using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Selectors;

/// <summary>A parsed <c>fieldSelector</c>: fields that must equal, or must not equal, a text.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<Term> _terms;

    private FieldSelector(IReadOnlyList<Term> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEmpty => _terms.Count == 0;

    /// <exception cref="StatusException">400 for a selector that cannot be read or names a field that the kind does not offer.</exception>
    public static FieldSelector Parse(string text, ResourceDefinition definition)
    {
        if (text.Length == 0)
        {
            return Everything;
        }

        return new FieldSelector([.. Split(text).Select(part => ParseTerm(part, text, definition))]);
    }

    public bool Matches(JsonObject value) => _terms.All(term => term.Matches(value));

    private static Term ParseTerm(string part, string whole, ResourceDefinition definition)
    {
        foreach (var (mark, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = part.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0)
            {
                return new Term(Field(part[..at], definition), Unescape(part[(at + mark.Length)..]), equal);
            }
        }

        throw StatusErrors.BadRequest($"invalid selector: '{whole}'; can't understand '{part}'");
    }

    private static SelectableField Field(string label, ResourceDefinition definition)
    {
        if (label is "metadata.name" or "metadata.namespace")
        {
            return SelectableField.At(label);
        }

        if (definition.SelectableFields.FirstOrDefault(f => f.Label == label) is { } field)
        {
            return field;
        }

        throw StatusErrors.BadRequest(
            definition.SelectableFields.Count > 0 || definition.IsCustom
                ? $"field label not supported: {label}"
                : $"\"{label}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    /// <summary>Splits at commas that no backslash escapes.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        yield return text[start..];
    }

    private static string Unescape(string text) =>
        text.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private sealed record Term(SelectableField Field, string Wanted, bool Equal)
    {
        public bool Matches(JsonObject value)
        {
            JsonNode? node = value;
            foreach (var step in Field.Path.Split('.'))
            {
                node = (node as JsonObject)?[step];
            }

            var text = node is JsonValue scalar ? scalar.ToString() : Field.Absent;
            return text == Wanted == Equal;
        }
    }
}
