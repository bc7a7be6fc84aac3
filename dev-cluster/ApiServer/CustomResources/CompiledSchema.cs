using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// A schema with what validation needs ready at hand: compiled patterns, junctors and rules. Made once for a schema and kept as
/// long as the schema lives.
/// </summary>
internal sealed class CompiledSchema
{
    private static readonly ConditionalWeakTable<Schema, CompiledSchema> Made = [];

    private CompiledSchema(Schema schema, bool isResource)
    {
        Schema = schema;
        Properties = schema.Properties.ToDictionary(property => property.Key, property => new CompiledSchema(property.Value, property.Value.EmbeddedResource), StringComparer.Ordinal);
        AdditionalProperties = schema.AdditionalProperties is { } values ? new CompiledSchema(values, values.EmbeddedResource) : null;
        Items = schema.Items is { } items ? new CompiledSchema(items, items.EmbeddedResource) : null;
        Pattern = schema.Rules?.Pattern is { } pattern && Re2.TryCompile(pattern, out var regex, out _) ? regex : null;
        AllOf = Alternatives(schema, "allOf");
        AnyOf = Alternatives(schema, "anyOf");
        OneOf = Alternatives(schema, "oneOf");
        Rules = schema.Rules is { Cel.Count: > 0 } rules && SchemaTypes.Of(schema, isResource) is { } type
            ? [.. rules.Cel.Select(rule => CompiledRule.From(rule, type))]
            : [];
        HasRules = Rules.Count > 0
            || Properties.Values.Any(property => property.HasRules)
            || AdditionalProperties?.HasRules == true
            || Items?.HasRules == true;
        Not = schema.Rules?.Junctors?["not"] is JsonObject not ? new CompiledSchema(StructuralSchema.Parse(not), false) : null;
    }

    public Schema Schema { get; }
    public IReadOnlyDictionary<string, CompiledSchema> Properties { get; }
    public CompiledSchema? AdditionalProperties { get; }
    public CompiledSchema? Items { get; }

    /// <summary>Null when there is no pattern, or one that is no regular expression (then nothing is checked).</summary>
    public Regex? Pattern { get; }
    public IReadOnlyList<CompiledSchema> AllOf { get; }
    public IReadOnlyList<CompiledSchema> AnyOf { get; }
    public IReadOnlyList<CompiledSchema> OneOf { get; }
    public CompiledSchema? Not { get; }

    /// <summary>The CEL rules of this node itself.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; }

    /// <summary>True when this node or one below it has CEL rules.</summary>
    public bool HasRules { get; }

    public static CompiledSchema For(Schema schema) => Made.GetValue(schema, key => new CompiledSchema(key, isResource: true));

    private static IReadOnlyList<CompiledSchema> Alternatives(Schema schema, string name) =>
        schema.Rules?.Junctors?[name] is JsonArray list
            ? [.. list.OfType<JsonObject>().Select(entry => new CompiledSchema(StructuralSchema.Parse(entry), false))]
            : [];
}
