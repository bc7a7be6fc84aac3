using System.Globalization;
using System.Text.Json.Nodes;
using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of a Pod.</summary>
internal static class PodColumns
{
    public static IReadOnlyList<TableColumn> Pod { get; } =
    [
        ObjectName,
        Text("Ready", "Containers that are ready, of all.", Ready),
        Text("Status", "What the containers of this pod are doing.", o => PodStatus.Of(o)),
        new("Restarts", "string", "How often containers were restarted, and when last.", Restarts),
        ObjectAge,
        Text("IP", "Address of the pod.", o => o.ListAt("status.podIPs").FirstOrDefault().TextAt("ip").OrNone()).Wide(),
        Text("Node", "Node that the pod is bound to.", o => o.TextAt("spec.nodeName").OrNone()).Wide(),
        Text("Nominated Node", "Node that is being cleared for the pod.", o => o.TextAt("status.nominatedNodeName").OrNone()).Wide(),
        Text("Readiness Gates", "Conditions besides the containers that make the pod ready.", ReadinessGates).Wide(),
    ];

    private static JsonNode Ready(JsonObject pod)
    {
        int ready = pod.ListAt("status.containerStatuses")
            .Count(container => container.TextAt("ready") == "true" && container.At("state.running") is not null);
        return $"{ready}/{pod.ListAt("spec.containers").Count()}";
    }

    private static JsonNode Restarts(JsonObject pod, DateTimeOffset now)
    {
        JsonObject[] containers = [.. pod.ListAt("status.containerStatuses")];
        long count = containers.Sum(container => container.NumberAt("restartCount"));
        string last = containers.Select(container => container.TextAt("lastState.terminated.finishedAt"))
            .Where(time => time.Length > 0).Order(StringComparer.Ordinal).LastOrDefault("");
        return count > 0 && last.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{count} ({Age.Since(last, now)} ago)")
            : count.ToString(CultureInfo.InvariantCulture);
    }

    private static JsonNode ReadinessGates(JsonObject pod)
    {
        string[] gates = [.. pod.ListAt("spec.readinessGates").Select(gate => gate.TextAt("conditionType"))];
        int met = gates.Count(gate => pod.ListAt("status.conditions").Any(c => c.TextAt("type") == gate && c.TextAt("status") == "True"));
        return gates.Length == 0 ? Fields.None : $"{met}/{gates.Length}";
    }
}
