using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Tables.Columns;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>Which columns a kind's table has.</summary>
internal static class KindColumns
{
    private static readonly IReadOnlyList<TableColumn> NameAndCreation = [TableColumn.ObjectName, TableColumn.CreatedAt];

    private static readonly Dictionary<(string Group, string Kind), IReadOnlyList<TableColumn>> BuiltIn = new()
    {
        [("", "ConfigMap")] = CoreColumns.ConfigMap,
        [("", "Endpoints")] = NetworkColumns.Endpoints,
        [("", "Event")] = EventColumns.Event,
        [("", "Namespace")] = CoreColumns.Namespace,
        [("", "Node")] = CoreColumns.Node,
        [("", "PersistentVolumeClaim")] = CoreColumns.PersistentVolumeClaim,
        [("", "Pod")] = PodColumns.Pod,
        [("", "Secret")] = CoreColumns.Secret,
        [("", "Service")] = NetworkColumns.Service,
        [("", "ServiceAccount")] = CoreColumns.ServiceAccount,
        [("apps", "ControllerRevision")] = WorkloadColumns.ControllerRevision,
        [("apps", "DaemonSet")] = WorkloadColumns.DaemonSet,
        [("apps", "Deployment")] = WorkloadColumns.Deployment,
        [("apps", "ReplicaSet")] = WorkloadColumns.ReplicaSet,
        [("apps", "StatefulSet")] = WorkloadColumns.StatefulSet,
        [("autoscaling", "HorizontalPodAutoscaler")] = PolicyColumns.HorizontalPodAutoscaler,
        [("batch", "Job")] = WorkloadColumns.Job,
        [("coordination.k8s.io", "Lease")] = PolicyColumns.Lease,
        [("discovery.k8s.io", "EndpointSlice")] = NetworkColumns.EndpointSlice,
        [("events.k8s.io", "Event")] = EventColumns.Event,
        [("networking.k8s.io", "NetworkPolicy")] = NetworkColumns.NetworkPolicy,
        [("policy", "PodDisruptionBudget")] = PolicyColumns.PodDisruptionBudget,
        [("rbac.authorization.k8s.io", "ClusterRoleBinding")] = PolicyColumns.RoleBinding,
        [("rbac.authorization.k8s.io", "RoleBinding")] = PolicyColumns.RoleBinding,
    };

    /// <summary>The columns of a kind; one that is not in the table shows name and time of creation, a custom one what its definition declares.</summary>
    public static IReadOnlyList<TableColumn> Of(ResourceDefinition definition) =>
        definition.IsCustom ? CustomColumns.Of(definition) : BuiltIn.GetValueOrDefault((definition.Group, definition.Kind), NameAndCreation);
}
