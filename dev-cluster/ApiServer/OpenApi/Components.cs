using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>
/// The <c>components.schemas</c> of one document: every kind of the group version, and once each the types that they share. Types that are not yet
/// written wait in a queue, since they may contain themselves.
/// </summary>
internal sealed class Components(ServedVersion version)
{
    private const string Machinery = "io.k8s.apimachinery.pkg.";
    private const string IntOrString = Machinery + "util.intstr.IntOrString";
    private const string Quantity = Machinery + "api.resource.Quantity";
    private readonly Dictionary<string, JsonObject> _written = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, Schema Schema)> _waiting = new();

    /// <summary>Writes a kind and its list, and returns the names of both components.</summary>
    public (string Kind, string List) Add(ResourceDefinition definition)
    {
        string name = KindPrefix(definition) + definition.Kind;
        JsonObject schema = SchemaWriter.Write(definition.Schema, this);
        AddObjectFields(schema);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(Kinds.Of(definition, definition.Kind));
        _written[name] = schema;

        string listName = KindPrefix(definition) + definition.ListKind;
        _written[listName] = List(definition, name);
        return (name, listName);
    }

    /// <summary>A reference to the component of a shared type, or null when the schema is written where it stands.</summary>
    public JsonObject? Reference(Schema schema)
    {
        if (schema.Quantity)
        {
            return Known(Quantity, "string");
        }

        if (schema is { Type: SchemaType.IntOrString, Format: "int-or-string" })
        {
            return Known(IntOrString, "integer");
        }

        if (schema.TypeName.Length == 0)
        {
            return null;
        }

        string name = TypeName(schema.TypeName);
        if (_written.TryAdd(name, []))
        {
            _waiting.Enqueue((name, schema));
        }

        return Ref(name);
    }

    /// <summary>All components in the order of their names.</summary>
    public JsonObject Write()
    {
        while (_waiting.TryDequeue(out (string Name, Schema Schema) next))
        {
            _written[next.Name] = SchemaWriter.Write(next.Schema, this);
        }

        return new JsonObject(_written.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
    }

    public static JsonObject Ref(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private JsonObject Known(string name, string other)
    {
        _written.TryAdd(name, new JsonObject
        {
            ["oneOf"] = new JsonArray(new JsonObject { ["type"] = other == "string" ? "number" : other }, new JsonObject { ["type"] = "string" }),
        });
        return Ref(name);
    }

    private void AddObjectFields(JsonObject schema)
    {
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        schema["properties"] = properties;
        properties["apiVersion"] ??= Described("string", "Version of the schema of this object, with its group.");
        properties["kind"] ??= Described("string", "Kind of this object.");
        properties["metadata"] = new JsonObject
        {
            ["allOf"] = new JsonArray(Reference(BuiltInSchemas.ObjectMeta)),
            ["description"] = "What every object has: name, namespace, labels, annotations, owners and what the server notes of it.",
        };
    }

    private static JsonObject List(ResourceDefinition definition, string item) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("items"),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Described("string", "Version of the schema of this list, with its group."),
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = Ref(item) },
            ["kind"] = Described("string", "Kind of this list."),
            ["metadata"] = new JsonObject { ["type"] = "object", ["description"] = "The version of the list, and how to read on." },
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(Kinds.Of(definition, definition.ListKind)),
    };

    private static JsonObject Described(string type, string description) => new() { ["type"] = type, ["description"] = description };

    private string TypeName(string type) =>
        type is "ObjectMeta" or "ManagedFieldsEntry" or "OwnerReference" or "LabelSelector" or "LabelSelectorRequirement" or "Condition"
            ? $"{Machinery}apis.meta.v1.{type}"
            : $"io.k8s.api.{(version.Group.Length == 0 ? "core" : version.Group.Split('.')[0])}.{version.Name}.{type}";

    private static string KindPrefix(ResourceDefinition definition)
    {
        string group = definition.Group.Length == 0 ? "core" : definition.Group;
        return definition.IsCustom
            ? string.Join('.', group.Split('.').Reverse()) + $".{definition.Version}."
            : $"io.k8s.api.{group.Split('.')[0]}.{definition.Version}.";
    }
}
