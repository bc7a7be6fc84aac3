using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>A place in an object. Steps are field names and elements of lists, which have a key or only a position.</summary>
internal sealed record FieldPath(FieldPath? Parent, string? Field, IReadOnlyList<KeyValuePair<string, JsonNode>>? Key, int Index)
{
    public static FieldPath Root { get; } = new(null, null, null, -1);

    public FieldPath Child(string field) => new(this, field, null, -1);

    public FieldPath Element(IReadOnlyList<KeyValuePair<string, JsonNode>> key) => new(this, null, key, -1);

    public FieldPath Element(int index) => new(this, null, null, index);

    /// <summary>The steps from the root.</summary>
    public IEnumerable<FieldPath> Steps() => Parent is null ? [] : Parent.Steps().Append(this);

    /// <summary>
    /// The field name <paramref name="back"/> fields up, elements of lists left out: in <c>containers[name=a].ports</c> 0 is "ports" and 1 is
    /// "containers". Empty past the root.
    /// </summary>
    public string FieldAbove(int back)
    {
        for (var step = this; step is not null; step = step.Parent)
        {
            if (step.Field is not null && back-- == 0)
            {
                return step.Field;
            }
        }

        return "";
    }

    /// <summary>As the API server writes it: <c>.spec.containers[name="a"].image</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps())
        {
            text.Append(step switch
            {
                { Field: { } field } => $".{field}",
                { Key: { } key } => $"[{string.Join(',', key.Select(part => $"{part.Key}={part.Value.ToJsonString()}"))}]",
                _ => $"[{step.Index}]",
            });
        }

        return text.ToString();
    }
}
