using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Whether an object of a child's name may be written over.</summary>
internal static class ChildOwnership
{
    /// <summary>Null when <paramref name="owner"/> controls the object; else whose it is, as the end of a sentence.</summary>
    public static string? TakenBy(IKubernetesObject<V1ObjectMeta> owner, JsonObject live)
    {
        var controller = (live["metadata"]?["ownerReferences"] as JsonArray ?? [])
            .FirstOrDefault(reference => (bool?)reference?["controller"] == true);
        if (controller is null)
        {
            return "is controlled by nobody";
        }

        return (string?)controller["uid"] == owner.Metadata.Uid ? null : $"belongs to {controller["kind"]} {controller["name"]}";
    }
}
