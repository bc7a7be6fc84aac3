using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The rows of the table of kinds that a definition brings: one for each served version.</summary>
internal static class DefinitionRows
{
    /// <summary><paramref name="crd"/> is valid and its names are accepted.</summary>
    public static IReadOnlyList<ResourceDefinition> Of(JsonObject crd) =>
    [
        .. crd["spec"]!["versions"]!.AsArray().OfType<JsonObject>()
            .Where(version => version["served"]?.GetValueKind() == JsonValueKind.True).Select(version => Row(crd, version)),
    ];

    private static ResourceDefinition Row(JsonObject crd, JsonObject version)
    {
        var spec = crd["spec"]!;
        // What was accepted counts, which an update of names may not be yet.
        var names = crd["status"]!["acceptedNames"]!;
        var kind = names["kind"]!.GetValue<string>();
        var subresources = version["subresources"];
        var scale = subresources?["scale"];
        return new ResourceDefinition
        {
            Group = spec["group"]!.GetValue<string>(),
            Version = DefinitionVersions.Name(version),
            Kind = kind,
            Plural = names["plural"]!.GetValue<string>(),
            Singular = Text(names["singular"]),
            ListKind = Text(names["listKind"]),
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            Namespaced = Text(spec["scope"]) == "Namespaced",
            Subresources = [.. subresources?["status"] is null ? [] : (Subresource[])[Subresource.Status(kind)], .. scale is null ? [] : (Subresource[])[Subresource.Scale]],
            Scale = scale is null
                ? null
                : new ScalePaths(
                    scale["specReplicasPath"]!.GetValue<string>(),
                    scale["statusReplicasPath"]!.GetValue<string>(),
                    Text(scale["labelSelectorPath"]) is { Length: > 0 } selector ? selector : null),
            Schema = WithMetadata(StructuralSchema.Parse(version["schema"]!["openAPIV3Schema"]!.AsObject())),
            Columns = [.. (version["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>().Select(Column)],
            SelectableFields =
            [
                .. (version["selectableFields"] as JsonArray ?? []).Select(field => Text(field?["jsonPath"]).TrimStart('.')).Select(path => SelectableField.At(path)),
            ],
            DeprecationWarning = version["deprecated"]?.GetValueKind() != JsonValueKind.True ? null
                : Text(version["deprecationWarning"]) is { Length: > 0 } warning ? warning
                : $"{spec["group"]}/{DefinitionVersions.Name(version)} {kind} is deprecated",
            IsCustom = true,
            HasGeneration = true,
            AllowsUnconditionalUpdate = false,
        };
    }

    /// <summary>The schema with apiVersion, kind and the whole of metadata, which a definition may leave out.</summary>
    public static Schema WithMetadata(Schema schema)
    {
        var text = new Schema { Type = SchemaType.String };
        var properties = new Dictionary<string, Schema>(schema.Properties, StringComparer.Ordinal);
        properties.TryAdd("apiVersion", text);
        properties.TryAdd("kind", text);
        var metadata = BuiltInSchemas.ObjectMeta;
        if (schema.Properties.GetValueOrDefault("metadata") is { Properties.Count: > 0 } declared)
        {
            var fields = new Dictionary<string, Schema>(metadata.Properties, StringComparer.Ordinal);
            foreach (var (name, field) in declared.Properties)
            {
                fields[name] = field;
            }
            metadata = metadata with { Properties = fields, Rules = new ValueRules() };
        }
        properties["metadata"] = metadata;
        return schema with { Properties = properties };
    }

    private static PrinterColumn Column(JsonObject column) => new(
        Text(column["name"]),
        Text(column["type"]),
        Text(column["format"]),
        Text(column["description"]),
        JsonNumber.TryRead(column["priority"], out var priority) ? (int)priority.Integer : 0,
        Text(column["jsonPath"]));

    private static string[] Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(Text)];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
