using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Lists of type <c>set</c> and <c>map</c>: no item or key twice; which old item a new one continues.</summary>
internal static class ListKeys
{
    /// <summary>The item of <paramref name="old"/> with the same keys; null when there is none or the list has no keys.</summary>
    public static JsonNode? Counterpart(Schema list, JsonNode? item, JsonArray old)
    {
        if (list.ListType != ListType.Map || item is not JsonObject map)
        {
            return null;
        }
        foreach (var candidate in old)
        {
            if (candidate is JsonObject other && list.ListMapKeys.All(key => JsonNode.DeepEquals(map[key], other[key])))
            {
                return other;
            }
        }
        return null;
    }

    /// <summary>Adds one error for every item that repeats an earlier one.</summary>
    public static void Check(Schema schema, JsonNode? value, FieldPath path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonArray list:
                CheckList(schema, list, path, errors);
                break;
            case JsonObject map:
                foreach (var (name, child) in map)
                {
                    var declared = schema.Properties.GetValueOrDefault(name);
                    if ((declared ?? schema.AdditionalProperties) is { Rules: not null } next)
                    {
                        if (declared is null)
                        {
                            path.EnterKey(name);
                        }
                        else
                        {
                            path.Enter(name);
                        }
                        Check(next, child, path, errors);
                        path.Leave();
                    }
                }
                break;
            default:
                break;
        }
    }

    private static void CheckList(Schema schema, JsonArray list, FieldPath path, List<FieldError> errors)
    {
        var seen = schema.ListType == ListType.Atomic ? null : new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            path.Enter(i);
            var identity = seen is null ? null : Identity(schema, list[i]);
            if (identity is not null && !seen!.Add(identity))
            {
                errors.Add(Cause.Duplicate(path.ToString(), identity));
            }
            if (schema.Items is { } items)
            {
                Check(items, list[i], path, errors);
            }
            path.Leave();
        }
    }

    // Null: not an item that can be told apart; the type check has said so.
    private static string? Identity(Schema schema, JsonNode? item)
    {
        if (schema.ListType == ListType.Set)
        {
            return GoText.Value(item);
        }
        if (item is not JsonObject map)
        {
            return null;
        }
        var keys = new JsonObject();
        foreach (var key in schema.ListMapKeys)
        {
            if (map[key] is { } value)
            {
                keys[key] = value.DeepClone();
            }
        }
        return GoText.Json(keys);
    }
}
