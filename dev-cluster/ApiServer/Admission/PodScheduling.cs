using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>What every new pod gets for its scheduling: a priority, and five minutes' patience with a node that is lost.</summary>
internal sealed class PodScheduling : IAdmission
{
    private const int Patience = 300;

    private static readonly string[] LostNode = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (live is not null || request.Definition is not { Group: "", Kind: "Pod" } || next["spec"] is not JsonObject spec)
        {
            return;
        }

        SetPriority(request, next, spec);
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        foreach (var taint in LostNode.Where(taint => !Tolerates(tolerations, taint)))
        {
            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = taint,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = Patience,
            });
        }

        if (tolerations.Parent is null)
        {
            spec["tolerations"] = tolerations;
        }
    }

    private static void SetPriority(ObjectRequest request, JsonObject pod, JsonObject spec)
    {
        spec["priority"] = (string?)spec["priorityClassName"] switch
        {
            null or "" => 0,
            "system-cluster-critical" => 2_000_000_000,
            "system-node-critical" => 2_000_001_000,
            var unknown => throw StatusErrors.Forbidden(request.Definition, pod.Name(), $"no PriorityClass with name {unknown} was found"),
        };
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
    }

    private static bool Tolerates(JsonArray tolerations, string taint) => tolerations.OfType<JsonObject>().Any(t =>
        ((string?)t["key"] ?? "") is var key && (key.Length == 0 || key == taint) && (string?)t["effect"] is null or "" or "NoExecute");
}
