using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>The CEL type of a schema, with the bounds that it declares. What has no declared type cannot be reached from a rule.</summary>
internal static class SchemaTypes
{
    private const long LongestTime = 32;

    /// <summary>
    /// Null: values of this schema cannot be used in CEL. With <paramref name="isResource"/> apiVersion, kind, metadata.name and
    /// metadata.generateName are there whether declared or not.
    /// </summary>
    public static CelType? Of(Schema schema, bool isResource) => schema.Type switch
    {
        SchemaType.IntOrString => CelType.Dyn,
        SchemaType.Boolean => CelType.Bool,
        SchemaType.Integer => CelType.Int,
        SchemaType.Number => CelType.Real,
        SchemaType.String => Text(schema),
        SchemaType.List => schema.Items is { } items && Of(items, items.EmbeddedResource) is { } item
            ? CelType.List(item) with { MaxElements = schema.Rules?.MaxItems ?? (CelType.LargestRequest - 2) / (item.MinSerializedSize + 1) }
            : null,
        SchemaType.Object when schema.AdditionalProperties is { } values => Of(values, values.EmbeddedResource) is { } value
            ? CelType.Map(CelType.Text, value) with
            {
                MaxElements = schema.Rules?.MaxProperties ?? (CelType.LargestRequest - 2) / (value.MinSerializedSize + 6),
            }
            : null,
        SchemaType.Object => Object(schema, isResource || schema.EmbeddedResource),
        SchemaType.Any => isResource || schema.EmbeddedResource ? Object(schema, true) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Type, "no such schema type"),
    };

    private static CelType Object(Schema schema, bool isResource)
    {
        var fields = new Dictionary<string, CelField>(StringComparer.Ordinal);
        long size = 2;
        foreach (var (property, child) in schema.Properties)
        {
            if (isResource && property is "metadata" or "apiVersion" or "kind")
            {
                continue;
            }
            if (Of(child, child.EmbeddedResource) is { } type && PropertyNames.Escape(property) is { } name)
            {
                fields[name] = new CelField(type, property);
                size += schema.Required.Contains(property) && child.Default is null ? property.Length + type.MinSerializedSize + 4 : 0;
            }
        }
        if (isResource)
        {
            AddResourceFields(fields, schema.Properties.GetValueOrDefault("metadata"));
        }
        return new CelType(CelKind.Object) { Fields = fields, MinSerializedSize = size };
    }

    private static void AddResourceFields(Dictionary<string, CelField> fields, Schema? metadata)
    {
        var text = Text(new Schema { Type = SchemaType.String });
        fields["apiVersion"] = new CelField(text, "apiVersion");
        fields["kind"] = new CelField(text, "kind");
        var names = new Dictionary<string, CelField>(StringComparer.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)["name", "generateName"])
        {
            var declared = metadata?.Properties.GetValueOrDefault(name);
            names[name] = new CelField(declared is { Rules: not null, Type: SchemaType.String } ? Text(declared) : text, name);
        }
        fields["metadata"] = new CelField(new CelType(CelKind.Object) { Fields = names, MinSerializedSize = 2 }, "metadata");
    }

    private static CelType Text(Schema schema) => schema.Format switch
    {
        "byte" => CelType.Bytes with { MaxElements = schema.Rules?.MaxLength ?? CelType.LargestRequest - 2 },
        "duration" => CelType.Duration with { MaxElements = LongestTime },
        "date" or "date-time" => CelType.Timestamp with { MaxElements = LongestTime },
        // A character takes up to four bytes.
        _ => CelType.Text with { MaxElements = schema.Rules?.MaxLength * 4 ?? LongestOf(schema.Rules?.Enum) ?? CelType.LargestRequest - 2 },
    };

    private static long? LongestOf(IReadOnlyList<JsonNode?>? values) =>
        values is { Count: > 0 } ? values.Max(value => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text.Length : 0) : null;
}
