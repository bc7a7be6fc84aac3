using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>As much of merge patch and server-side apply as the tests of the runtime need: maps merge, lists of named elements merge by name.</summary>
internal static class FakePatches
{
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject below)
            {
                Merge(below, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    /// <summary>Sets what <paramref name="applied"/> has, and removes what the same manager applied before and no longer does.</summary>
    public static void Apply(JsonObject target, JsonObject applied, JsonObject? before)
    {
        foreach (var (name, value) in before ?? [])
        {
            if (!applied.ContainsKey(name))
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && applied[name] is JsonObject next && target[name] is JsonObject below)
            {
                Apply(below, next, inner);
            }
        }

        foreach (var (name, value) in applied)
        {
            target[name] = (value, target[name]) switch
            {
                (JsonObject next, JsonObject below) => Applied(below, next),
                (JsonArray next, JsonArray below) when Named(next) && Named(below) => ByName(below, next),
                _ => value?.DeepClone(),
            };
        }
    }

    private static JsonObject Applied(JsonObject below, JsonObject next)
    {
        var copy = (JsonObject)below.DeepClone();
        Apply(copy, next, null);
        return copy;
    }

    private static bool Named(JsonArray list) => list.All(item => (item as JsonObject)?["name"] is not null);

    private static JsonArray ByName(JsonArray below, JsonArray next)
    {
        var merged = (JsonArray)below.DeepClone();
        foreach (var item in next.OfType<JsonObject>())
        {
            var known = merged.OfType<JsonObject>().FirstOrDefault(other => (string?)other["name"] == (string?)item["name"]);
            if (known is null)
            {
                merged.Add(item.DeepClone());
            }
            else
            {
                Apply(known, item, null);
            }
        }

        return merged;
    }
}
