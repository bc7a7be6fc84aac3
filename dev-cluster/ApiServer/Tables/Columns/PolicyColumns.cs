using System.Globalization;
using System.Text.Json.Nodes;
using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of the kinds that govern others: budgets, autoscalers, leases and bindings.</summary>
internal static class PolicyColumns
{
    public static IReadOnlyList<TableColumn> PodDisruptionBudget { get; } =
    [
        ObjectName,
        Text("Min Available", "The minimum number of pods that must be available.", o => OrNotApplicable(o.TextAt("spec.minAvailable"))),
        Text("Max Unavailable", "The maximum number of pods that may be unavailable.", o => OrNotApplicable(o.TextAt("spec.maxUnavailable"))),
        Integer("Allowed Disruptions", "Pods that may be disrupted now.", o => o.NumberAt("status.disruptionsAllowed")),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> HorizontalPodAutoscaler { get; } =
    [
        ObjectName,
        Text("Reference", "What is scaled.", o => $"{o.TextAt("spec.scaleTargetRef.kind")}/{o.TextAt("spec.scaleTargetRef.name")}"),
        Text("Targets", "Metrics now and as wanted.", Targets),
        Text("MinPods", "Lower bound.", o => o.TextAt("spec.minReplicas") is { Length: > 0 } min ? min : "<unset>"),
        Text("MaxPods", "Upper bound.", o => o.NumberAt("spec.maxReplicas")),
        Text("Replicas", "Pods that there are.", o => o.NumberAt("status.currentReplicas")),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> Lease { get; } =
        [ObjectName, Text("Holder", "Who holds the lease.", o => o.TextAt("spec.holderIdentity")), ObjectAge];

    public static IReadOnlyList<TableColumn> RoleBinding { get; } =
    [
        ObjectName,
        Text("Role", "Role that is given.", o => $"{o.TextAt("roleRef.kind")}/{o.TextAt("roleRef.name")}"),
        ObjectAge,
        Text("Users", "Users that have it.", o => Subjects(o, "User")).Wide(),
        Text("Groups", "Groups that have it.", o => Subjects(o, "Group")).Wide(),
        Text("ServiceAccounts", "Service accounts that have it.", o => Subjects(o, "ServiceAccount")).Wide(),
    ];

    private static string OrNotApplicable(string text) => text.Length == 0 ? "N/A" : text;

    private static string Subjects(JsonObject binding, string kind) => string.Join(", ", binding.ListAt("subjects")
        .Where(subject => subject.TextAt("kind") == kind)
        .Select(subject => subject.TextAt("namespace") is { Length: > 0 } ns ? $"{ns}/{subject.TextAt("name")}" : subject.TextAt("name")));

    private static JsonNode Targets(JsonObject autoscaler)
    {
        string[] all = [.. autoscaler.ListAt("spec.metrics").Select(metric => Target(autoscaler, metric))];
        return all.Length switch
        {
            0 => Fields.None,
            <= 2 => string.Join(", ", all),
            _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", all.Take(2))} + {all.Length - 2} more..."),
        };
    }

    private static string Target(JsonObject autoscaler, JsonObject metric)
    {
        string source = metric.TextAt("type") is { Length: > 0 } type ? char.ToLowerInvariant(type[0]) + type[1..] : "";
        string name = metric.TextAt($"{source}.name") is { Length: > 0 } own ? own : metric.TextAt($"{source}.metric.name");
        bool isShare = metric.At($"{source}.target.averageUtilization") is not null;
        string field = isShare ? "averageUtilization" : metric.At($"{source}.target.averageValue") is not null ? "averageValue" : "value";
        string unit = isShare ? "%" : "";
        string now = autoscaler.ListAt("status.currentMetrics")
            .FirstOrDefault(current => current.TextAt($"{source}.name") == name || current.TextAt($"{source}.metric.name") == name)
            .TextAt($"{source}.current.{field}") is { Length: > 0 } value ? value + unit : "<unknown>";
        string target = metric.TextAt($"{source}.target.{field}") + unit;
        return source == "resource" ? $"{name}: {now}/{target}" : $"{now}/{target}";
    }
}
