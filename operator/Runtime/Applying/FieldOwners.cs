using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>Who set a field, read from metadata.managedFields.</summary>
internal static class FieldOwners
{
    /// <summary>
    /// The manager other than <paramref name="ours"/> that owns the field; when the field has no other owner (it was removed), the one that wrote
    /// last. Null means that nobody else wrote.
    /// </summary>
    public static string? Other(JsonObject live, FieldPath path, string ours)
    {
        var others = (live["metadata"]?["managedFields"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(entry => (string?)entry["manager"] != ours && entry["subresource"] is null)
            .OrderByDescending(entry => (string?)entry["time"] ?? "", StringComparer.Ordinal)
            .ToList();
        return (string?)(others.Find(entry => Owns(entry["fieldsV1"] as JsonObject, path)) ?? others.FirstOrDefault())?["manager"];
    }

    private static bool Owns(JsonObject? fields, FieldPath path)
    {
        foreach (var step in path.Steps())
        {
            if (fields is null)
            {
                return false;
            }

            var below = Below(fields, step);
            if (below is null)
            {
                // Nothing below: a value that is owned as a whole, this part of it too.
                return fields.Count == 0;
            }

            fields = below;
        }

        return true;
    }

    private static JsonObject? Below(JsonObject fields, FieldPath step)
    {
        if (step.Field is { } field)
        {
            return fields[$"f:{field}"] as JsonObject;
        }

        return step.Key is { } key
            ? fields.FirstOrDefault(entry => entry.Key.StartsWith("k:", StringComparison.Ordinal) && IsKey(entry.Key[2..], key)).Value as JsonObject
            : null;
    }

    private static bool IsKey(string text, IReadOnlyList<KeyValuePair<string, JsonNode>> key)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject parts
                && parts.Count == key.Count
                && key.All(part => JsonNode.DeepEquals(parts[part.Key], part.Value));
        }
        catch (JsonException)
        {
            // A form that this version of the API does not have: not our element.
            return false;
        }
    }
}
