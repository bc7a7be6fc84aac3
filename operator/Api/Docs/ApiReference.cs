using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Slipway.Api.Crd;

namespace Slipway.Api.Docs;

/// <summary>The reference documentation of the API as Markdown, made from the schema and the reasons so that it cannot drift from them.</summary>
public static class ApiReference
{
    /// <summary>Path below the repository's root.</summary>
    public const string Path = "docs/reference/modeldeployment.md";

    public static string Render()
    {
        var schema = CrdGenerator.Build().Spec.Versions.Single().Schema.OpenAPIV3Schema;
        var text = new StringBuilder()
            .Append("<!-- Generated from operator/Api by ./build.sh generate; do not edit. -->\n\n")
            .Append(CultureInfo.InvariantCulture, $"# {ModelDeployment.KindName} ({ModelDeployment.GroupName}/{ModelDeployment.VersionName})\n\n")
            .Append(schema.Description).Append(" Short name: `md`.\n");
        Fields(text, "spec", schema.Properties["spec"]);
        Fields(text, "status", schema.Properties["status"]);
        ReasonTable(text);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, string name, V1JSONSchemaProps schema)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{schema.Description}\n\n| field | type | default | bounds | meaning |\n|---|---|---|---|---|\n");
        Rows(text, name, schema);
    }

    private static void Rows(StringBuilder text, string path, V1JSONSchemaProps schema)
    {
        foreach (var (name, child) in schema.Properties)
        {
            var childPath = $"{path}.{name}";
            var required = schema.Required?.Contains(name) == true ? ", required" : "";
            text.Append(CultureInfo.InvariantCulture, $"| `{childPath}` | {TypeOf(child)}{required} | {Default(child)} | {Bounds(child)} | {child.Description} |\n");
            if (child.Type == "object" && child.Properties is not null)
            {
                Rows(text, childPath, child);
            }
            else if (child.Items is V1JSONSchemaProps { Properties: not null } items)
            {
                Rows(text, childPath + "[]", items);
            }
        }
    }

    private static string TypeOf(V1JSONSchemaProps schema) => schema switch
    {
        { Type: "array", Items: V1JSONSchemaProps items } => $"list of {items.Type}",
        { Type: "object", AdditionalProperties: not null } => "map",
        { Format: "int32" or "int64" } => "integer",
        { Pattern: GoDuration.Pattern } => "duration",
        _ => schema.Type,
    };

    private static string Default(V1JSONSchemaProps schema) => schema.DefaultProperty is null or Dictionary<string, object> ? "" : $"`{JsonSerializer.Serialize(schema.DefaultProperty).Trim('"')}`";

    private static string Bounds(V1JSONSchemaProps schema)
    {
        var bounds = new List<string>();
        if (schema.Minimum is not null || schema.Maximum is not null)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"{schema.Minimum} to {schema.Maximum}"));
        }

        if (schema.MaxLength is { } length)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"at most {length} characters"));
        }

        if ((schema.MaxItems ?? schema.MaxProperties) is { } count)
        {
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"{(schema.MinItems is { } least ? $"{least} to" : "at most")} {count} entries"));
        }

        if (schema.EnumProperty is { } values)
        {
            bounds.Add(string.Join(", ", values.Select(value => $"`{value}`")));
        }

        bounds.AddRange((schema.XKubernetesValidations ?? []).Select(rule => rule.Message));
        return string.Join("; ", bounds);
    }

    private static void ReasonTable(StringBuilder text)
    {
        text.Append("\n## Reasons\n\nThe closed set of words in `reason` of conditions and events.\n\n| reason | kind | meaning | what to do |\n|---|---|---|---|\n");
        foreach (var reason in Reasons.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{reason.Name}` | {Kind(reason.Kind)} | {reason.Meaning} | {reason.Remedy} |\n");
        }
    }

    private static string Kind(ReasonKind kind) => kind switch
    {
        ReasonKind.Fine => "fine",
        ReasonKind.Progress => "progress",
        ReasonKind.Trouble => "trouble, retried",
        ReasonKind.NeedsUser => "needs you (`Stalled`)",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no words"),
    };
}
