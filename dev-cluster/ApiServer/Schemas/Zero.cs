using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Zero values: what a field of a built-in kind holds when nobody set it.</summary>
internal static class Zero
{
    /// <summary>True for "", 0, false, [] and {}.</summary>
    public static bool Is(JsonNode value) => value switch
    {
        JsonArray list => list.Count == 0,
        JsonObject fields => fields.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.Number => value.ToJsonString() is "0" or "-0",
            JsonValueKind.False => true,
            _ => false,
        },
    };

    /// <returns>Null for lists, maps and times; a struct comes with its own fields that are always present.</returns>
    public static JsonNode? Of(Schema schema) => schema.Type switch
    {
        SchemaType.Object when schema.AdditionalProperties is null => Object(schema),
        SchemaType.String when schema.Format is "" => JsonValue.Create(""),
        SchemaType.Integer or SchemaType.Number => JsonValue.Create(0),
        SchemaType.Boolean => JsonValue.Create(false),
        _ => null,
    };

    /// <summary>What a kind looks like before anything is set: <c>{}</c> for a custom resource, its empty structs for a built-in kind.</summary>
    public static JsonObject Object(Schema schema)
    {
        var value = new JsonObject();
        foreach (var (name, field) in schema.Properties)
        {
            if (field.AlwaysPresent)
            {
                value[name] = Of(field);
            }
        }

        return value;
    }
}
