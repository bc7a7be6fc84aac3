using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Conditions that the server itself sets on pods.</summary>
internal static class PodConditions
{
    public static void SetTrue(JsonObject pod, string type, string reason, string message, DateTimeOffset now)
    {
        var status = pod["status"] as JsonObject ?? [];
        pod["status"] ??= status;
        var conditions = status["conditions"] as JsonArray ?? [];
        status["conditions"] ??= conditions;
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);
        if ((string?)condition?["status"] == "True")
        {
            return;
        }

        conditions.Remove(condition);
        condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = Metadata.Time(now),
        };
        if (reason.Length > 0)
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }

        conditions.Add((JsonNode)condition);
    }
}
