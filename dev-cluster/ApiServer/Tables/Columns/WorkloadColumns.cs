using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of the kinds that own pods.</summary>
internal static class WorkloadColumns
{
    private static readonly TableColumn Containers = Text(
        "Containers", "Names of each container in the template.",
        o => string.Join(',', o.ListAt("spec.template.spec.containers").Select(container => container.TextAt("name")))).Wide();

    private static readonly TableColumn Images = Text(
        "Images", "Images referenced by each container in the template.",
        o => string.Join(',', o.ListAt("spec.template.spec.containers").Select(container => container.TextAt("image")))).Wide();

    private static readonly TableColumn Selector = Text("Selector", "Selector of the pods.", o => Fields.Selector(o.At("spec.selector"))).Wide();

    private static readonly TableColumn Ready = Text(
        "Ready", "Number of the pod with ready state", o => $"{o.NumberAt("status.readyReplicas")}/{o.NumberAt("spec.replicas")}");

    public static IReadOnlyList<TableColumn> Deployment { get; } =
    [
        ObjectName,
        Ready,
        Text("Up-to-date", "Pods that have the wanted template.", o => o.NumberAt("status.updatedReplicas")),
        Text("Available", "Pods that have been ready for minReadySeconds.", o => o.NumberAt("status.availableReplicas")),
        ObjectAge,
        Containers,
        Images,
        Selector,
    ];

    public static IReadOnlyList<TableColumn> ReplicaSet { get; } =
    [
        ObjectName,
        Integer("Desired", "Pods that are wanted.", o => o.NumberAt("spec.replicas")),
        Integer("Current", "Pods that there are.", o => o.NumberAt("status.replicas")),
        Integer("Ready", "Pods that are ready.", o => o.NumberAt("status.readyReplicas")),
        ObjectAge,
        Containers,
        Images,
        Selector,
    ];

    public static IReadOnlyList<TableColumn> StatefulSet { get; } = [ObjectName, Ready, ObjectAge, Containers, Images];

    public static IReadOnlyList<TableColumn> DaemonSet { get; } =
    [
        ObjectName,
        Integer("Desired", "Nodes that should run a pod.", o => o.NumberAt("status.desiredNumberScheduled")),
        Integer("Current", "Nodes that run a pod.", o => o.NumberAt("status.currentNumberScheduled")),
        Integer("Ready", "Nodes whose pod is ready.", o => o.NumberAt("status.numberReady")),
        Integer("Up-to-date", "Nodes whose pod has the wanted template.", o => o.NumberAt("status.updatedNumberScheduled")),
        Integer("Available", "Nodes whose pod is available.", o => o.NumberAt("status.numberAvailable")),
        Text("Node Selector", "Labels of the nodes that are meant.", o => Fields.Labels(o.At("spec.template.spec.nodeSelector"))),
        ObjectAge,
        Containers,
        Images,
        Selector,
    ];

    public static IReadOnlyList<TableColumn> Job { get; } =
    [
        ObjectName,
        Text("Status", "Status of the job.", o => JobCells.Status(o)),
        Text("Completions", "Pods that have succeeded, of those wanted.", o => JobCells.Completions(o)),
        new("Duration", "string", "Time required to complete the job.", (o, now) => JobCells.Duration(o, now)),
        ObjectAge,
        Containers,
        Images,
        Selector,
    ];

    public static IReadOnlyList<TableColumn> ControllerRevision { get; } =
    [
        ObjectName,
        Text("Controller", "The object that this revision belongs to.", o => Controller(o)),
        Text("Revision", "Number of this state.", o => o.NumberAt("revision")),
        ObjectAge,
    ];

    private static string Controller(System.Text.Json.Nodes.JsonObject revision)
    {
        if (revision.ListAt("metadata.ownerReferences").FirstOrDefault(owner => owner.TextAt("controller") == "true") is not { } controller)
        {
            return Fields.None;
        }

        string group = controller.TextAt("apiVersion") is var version && version.Contains('/', StringComparison.Ordinal) ? "." + version.Split('/')[0] : "";
        return $"{controller.TextAt("kind").ToLowerInvariant()}{group}/{controller.TextAt("name")}";
    }
}
