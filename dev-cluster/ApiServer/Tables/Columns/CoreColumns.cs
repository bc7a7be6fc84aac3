using System.Text.Json.Nodes;
using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of the core group's kinds other than Pod.</summary>
internal static class CoreColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static IReadOnlyList<TableColumn> ConfigMap { get; } =
    [
        ObjectName,
        Text("Data", "Number of entries.", o => Count(o, "data") + Count(o, "binaryData")),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> Secret { get; } =
    [
        ObjectName,
        Text("Type", "What the data is for.", o => o.TextAt("type")),
        Text("Data", "Number of entries.", o => Count(o, "data")),
        ObjectAge,
    ];

    public static IReadOnlyList<TableColumn> ServiceAccount { get; } = [ObjectName, ObjectAge];

    public static IReadOnlyList<TableColumn> Namespace { get; } =
        [ObjectName, Text("Status", "The status of the namespace", o => o.TextAt("status.phase")), ObjectAge];

    public static IReadOnlyList<TableColumn> Node { get; } =
    [
        ObjectName,
        Text("Status", "Whether the node is ready, and takes pods.", NodeStatus),
        Text("Roles", "Roles that the node's labels give it.", NodeRoles),
        ObjectAge,
        Text("Version", "Version of the kubelet.", o => o.TextAt("status.nodeInfo.kubeletVersion")),
        Text("Internal-IP", "Address inside the cluster.", o => Address(o, "InternalIP")).Wide(),
        Text("External-IP", "Address outside the cluster.", o => Address(o, "ExternalIP")).Wide(),
        Text("OS-Image", "Operating system.", o => Known(o.TextAt("status.nodeInfo.osImage"))).Wide(),
        Text("Kernel-Version", "Kernel.", o => Known(o.TextAt("status.nodeInfo.kernelVersion"))).Wide(),
        Text("Container-Runtime", "What runs the containers.", o => Known(o.TextAt("status.nodeInfo.containerRuntimeVersion"))).Wide(),
    ];

    public static IReadOnlyList<TableColumn> PersistentVolumeClaim { get; } =
    [
        ObjectName,
        Text("Status", "Phase of the claim.", o => o.At("metadata.deletionTimestamp") is null ? o.TextAt("status.phase") : "Terminating"),
        Text("Volume", "Volume that is bound to the claim.", o => o.TextAt("spec.volumeName")),
        Text("Capacity", "Size of the bound volume.", o => o.TextAt("status.capacity.storage")),
        Text("Access Modes", "How the volume may be mounted.", o => string.Join(',', o.TextsAt("status.accessModes"))),
        Text("StorageClass", "Class that the claim asks for.", o => o.TextAt("spec.storageClassName")),
        ObjectAge,
        Text("VolumeMode", "Block or Filesystem.", o => o.TextAt("spec.volumeMode")).Wide(),
    ];

    private static int Count(JsonObject o, string path) => (o.At(path) as JsonObject)?.Count ?? 0;

    private static JsonNode NodeStatus(JsonObject node)
    {
        string ready = node.ListAt("status.conditions").FirstOrDefault(c => c.TextAt("type") == "Ready").TextAt("status");
        string status = ready.Length == 0 ? "Unknown" : ready == "True" ? "Ready" : "NotReady";
        return node.TextAt("spec.unschedulable") == "true" ? status + ",SchedulingDisabled" : status;
    }

    private static JsonNode NodeRoles(JsonObject node) => string.Join(',', (node.At("metadata.labels") as JsonObject ?? [])
        .Select(pair => pair.Key).Where(key => key.StartsWith(RolePrefix, StringComparison.Ordinal))
        .Select(key => key[RolePrefix.Length..]).Order(StringComparer.Ordinal)).OrNone();

    private static string Address(JsonObject node, string type) =>
        node.ListAt("status.addresses").FirstOrDefault(address => address.TextAt("type") == type).TextAt("address").OrNone();

    private static string Known(string text) => text.Length == 0 ? "<unknown>" : text;
}
