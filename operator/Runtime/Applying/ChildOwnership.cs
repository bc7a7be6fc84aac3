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
        var controller = Controller(live);
        if (controller is null)
        {
            return "is controlled by nobody";
        }

        return (string?)controller["uid"] == owner.Metadata.Uid ? null : $"belongs to {controller["kind"]} {controller["name"]}";
    }

    /// <summary>The object belongs to an earlier object of the owner's own kind and name, and will go as that one went.</summary>
    public static bool IsLeftOver(IKubernetesObject<V1ObjectMeta> owner, JsonObject live) =>
        Controller(live) is { } controller
        && (string?)controller["uid"] != owner.Metadata.Uid
        && (string?)controller["apiVersion"] == owner.ApiVersion
        && (string?)controller["kind"] == owner.Kind
        && (string?)controller["name"] == owner.Metadata.Name;

    /// <summary>The reference to the object's controller, or null.</summary>
    public static JsonNode? Controller(JsonObject live) =>
        (live["metadata"]?["ownerReferences"] as JsonArray ?? []).FirstOrDefault(reference => (bool?)reference?["controller"] == true);
}
