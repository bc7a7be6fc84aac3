using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Assigns a pod to a node, once.</summary>
internal sealed class PodBinder(ObjectWriter writer, TimeProvider time)
{
    /// <exception cref="StatusException">404 without such a pod, 409 when it has a node or is going.</exception>
    public void Bind(ObjectRequest request, JsonObject binding, bool dryRun) => writer.Amend(request, dryRun, pod =>
    {
        var spec = (JsonObject)pod["spec"]!;
        if (pod.IsBeingDeleted())
        {
            throw Conflict(request, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        }

        if ((string?)spec["nodeName"] is { Length: > 0 } node)
        {
            throw Conflict(request, $"pod {request.Name} is already assigned to node \"{node}\"");
        }

        spec["nodeName"] = binding["target"]?["name"]?.DeepClone();
        foreach (var (key, value) in binding["metadata"]?["annotations"] as JsonObject ?? [])
        {
            pod.Meta()["annotations"] ??= new JsonObject();
            pod.Meta()["annotations"]![key] = value?.DeepClone();
        }

        PodConditions.SetTrue(pod, "PodScheduled", "", "", time.GetUtcNow());
    });

    private static StatusException Conflict(ObjectRequest request, string why) =>
        StatusErrors.Conflict(request.Definition with { Plural = "pods/binding" }, request.Name, why);
}
