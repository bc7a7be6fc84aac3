using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// What a write to an object, or to its status, can reach: the object itself leaves status alone, status leaves everything else alone.
/// </summary>
internal static class Scope
{
    /// <summary>The wanted object with everything outside the reach of the write taken from the live one. <paramref name="wanted"/> may be changed.</summary>
    public static JsonObject Restrict(ResourceDefinition definition, string subresource, JsonObject wanted, JsonObject live)
    {
        if (subresource != "status")
        {
            if (definition.HasStatus)
            {
                Copy(live, wanted, "status");
            }

            return wanted;
        }

        foreach (var field in live.Select(p => p.Key).Union(wanted.Select(p => p.Key)).Where(f => f is not ("status" or "metadata")).ToList())
        {
            Copy(live, wanted, field);
        }

        if (definition.IsCustom)
        {
            var owners = wanted["metadata"]?["managedFields"]?.DeepClone();
            Copy(live, wanted, "metadata");
            wanted.Meta()["managedFields"] = owners;
        }
        else
        {
            wanted.CopyMeta(live, "labels");
        }

        return wanted;
    }

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            to.Remove(field);
        }
    }
}
