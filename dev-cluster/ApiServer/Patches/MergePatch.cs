using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>JSON merge patch (RFC 7386): null removes, objects merge, anything else replaces.</summary>
internal static class MergePatch
{
    /// <returns>A new object; neither argument is changed.</returns>
    public static JsonObject Apply(JsonObject live, JsonObject patch)
    {
        var merged = (JsonObject)live.DeepClone();
        Merge(merged, patch);
        return merged;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject fields)
            {
                if (target[name] is not JsonObject inner)
                {
                    target[name] = inner = [];
                }

                Merge(inner, fields);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
