using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>Writes a schema in the words of OpenAPI 3, with the extensions that kubectl reads for patches and explanations.</summary>
internal static class SchemaWriter
{
    /// <summary>The schema itself, with its parts written or referred to.</summary>
    public static JsonObject Write(Schema schema, Components components)
    {
        JsonObject result = [];
        if (schema.Description.Length > 0)
        {
            result["description"] = schema.Description;
        }

        WriteType(result, schema);
        WriteObject(result, schema, components);
        if (schema.Items is not null)
        {
            result["items"] = Part(schema.Items, components);
            WriteList(result, schema);
        }

        WriteValue(result, schema);
        if (schema.Rules is not null)
        {
            RulesWriter.Write(result, schema.Rules);
        }

        return result;
    }

    /// <summary>A part of another schema: a reference to its type with what holds at this place beside it, or the schema itself.</summary>
    private static JsonObject Part(Schema schema, Components components)
    {
        if (components.Reference(schema) is not { } reference)
        {
            return Write(schema, components);
        }

        JsonObject here = [];
        WriteMap(here, schema);
        WriteValue(here, schema);
        if (here.Count == 0)
        {
            return reference;
        }

        here["allOf"] = new JsonArray(reference);
        return here;
    }

    private static void WriteType(JsonObject result, Schema schema)
    {
        string? type = schema.Type switch
        {
            SchemaType.Object => "object",
            SchemaType.List => "array",
            SchemaType.String => "string",
            SchemaType.Integer => "integer",
            SchemaType.Number => "number",
            SchemaType.Boolean => "boolean",
            SchemaType.Any or SchemaType.IntOrString => null,
            _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Type, null),
        };
        if (type is not null)
        {
            result["type"] = type;
        }

        if (schema.Type == SchemaType.IntOrString)
        {
            result["x-kubernetes-int-or-string"] = true;
        }

        if (schema.Format.Length > 0)
        {
            result["format"] = schema.Format;
        }
    }

    private static void WriteObject(JsonObject result, Schema schema, Components components)
    {
        if (schema.Properties.Count > 0)
        {
            result["properties"] = new JsonObject(schema.Properties.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Part(pair.Value, components))));
        }

        if (schema.Required.Count > 0)
        {
            result["required"] = new JsonArray([.. schema.Required.Select(name => JsonValue.Create(name))]);
        }

        if (schema.AdditionalProperties is not null)
        {
            result["additionalProperties"] = Part(schema.AdditionalProperties, components);
        }

        if (schema.TypeName.Length == 0)
        {
            WriteMap(result, schema);
        }

        if (schema.PreserveUnknownFields)
        {
            result["x-kubernetes-preserve-unknown-fields"] = true;
        }

        if (schema.EmbeddedResource)
        {
            result["x-kubernetes-embedded-resource"] = true;
        }
    }

    private static void WriteMap(JsonObject result, Schema schema)
    {
        if (schema.AtomicMap && schema.Type == SchemaType.Object)
        {
            result["x-kubernetes-map-type"] = "atomic";
        }

        if (schema.PatchRetainKeys && schema.Type == SchemaType.Object)
        {
            result["x-kubernetes-patch-strategy"] = "retainKeys";
        }
    }

    private static void WriteList(JsonObject result, Schema schema)
    {
        result["x-kubernetes-list-type"] = schema.ListType switch
        {
            ListType.Atomic => "atomic",
            ListType.Set => "set",
            ListType.Map => "map",
            _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.ListType, null),
        };
        if (schema.ListMapKeys.Count > 0)
        {
            result["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.ListMapKeys.Select(key => JsonValue.Create(key))]);
        }

        if (schema.PatchMergeKey.Length > 0 || schema.PatchMergeSet)
        {
            result["x-kubernetes-patch-strategy"] = schema.PatchRetainKeys ? "merge,retainKeys" : "merge";
        }

        if (schema.PatchMergeKey.Length > 0)
        {
            result["x-kubernetes-patch-merge-key"] = schema.PatchMergeKey;
        }
    }

    private static void WriteValue(JsonObject result, Schema schema)
    {
        if (schema.Default is not null)
        {
            result["default"] = schema.Default.DeepClone();
        }

        if (schema.Nullable)
        {
            result["nullable"] = true;
        }
    }
}
