using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>The table of built-in kinds, in the order of Kubernetes' own discovery.</summary>
internal static class BuiltInResources
{
    private const string Authentication = "authentication.k8s.io";
    private const string Authorization = "authorization.k8s.io";
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly string[] InAll = ["all"];
    private static readonly string[] CreateOnly = ["create"];
    private static readonly SelectableField[] EventFields =
    [
        .. Fields(
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "type"),
        new SelectableField("source", "source.component"),
    ];

    private static readonly SelectableField[] PodFields =
    [
        .. Fields(
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP",
            "status.nominatedNodeName"),
        new SelectableField("spec.hostNetwork", "spec.hostNetwork", "false"),
    ];

    /// <summary>A fresh copy of the rows; custom resources are added to the catalog that is made of it.</summary>
    public static IReadOnlyList<ResourceDefinition> All() =>
    [
        Row("", "v1", "ConfigMap", "configmaps", "cm"),
        Row("", "v1", "Endpoints", "endpoints", "ep") with
        {
            Singular = "endpoints",
            CreatesOnUpdate = true,
            DeprecationWarning = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        },
        Row("", "v1", "Event", "events", "ev") with { SelectableFields = EventFields, CreatesOnUpdate = true },
        WithStatus(Row("", "v1", "Namespace", "namespaces", "ns")) with
        {
            Namespaced = false,
            Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
            Subresources = [new Subresource("finalize", "Namespace", ["update"]), Subresource.Status("Namespace")],
            SelectableFields = Fields("status.phase"),
        },
        WithStatus(Row("", "v1", "Node", "nodes", "no")) with
        {
            Namespaced = false,
            TakesStatusOnCreate = true,
            RefusedSubresources = ["proxy"],
            SelectableFields = [new SelectableField("spec.unschedulable", "spec.unschedulable", "false")],
        },
        WithStatus(Row("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc")),
        Row("", "v1", "Pod", "pods", "po") with
        {
            Categories = InAll,
            HasGeneration = true,
            AnswersDeletedObject = true,
            DeletesGracefully = true,
            SelectableFields = PodFields,
            RefusedSubresources = ["attach", "ephemeralcontainers", "exec", "portforward", "proxy", "resize"],
            Subresources =
            [
                new Subresource("binding", "Binding", CreateOnly),
                new Subresource("eviction", "Eviction", CreateOnly, "policy", "v1"),
                new Subresource("log", "Pod", ["get"]),
                Subresource.Status("Pod"),
            ],
        },
        Row("", "v1", "Secret", "secrets") with { SelectableFields = Fields("type") },
        Row("", "v1", "ServiceAccount", "serviceaccounts", "sa") with
        {
            AnswersDeletedObject = true,
            AllowsUnconditionalUpdate = false,
            Subresources = [new Subresource("token", "TokenRequest", CreateOnly, Authentication, "v1")],
        },
        WithStatus(Row("", "v1", "Service", "services", "svc")) with
        {
            Categories = InAll,
            AnswersDeletedObject = true,
            CreatesOnUpdate = true,
            RefusedSubresources = ["proxy"],
            SelectableFields = Fields("spec.clusterIP", "spec.type"),
        },

        Row("apps", "v1", "ControllerRevision", "controllerrevisions"),
        Workload(Row("apps", "v1", "DaemonSet", "daemonsets", "ds")),
        Scaled(Row("apps", "v1", "Deployment", "deployments", "deploy")) with { CountsAnnotations = true },
        Scaled(Row("apps", "v1", "ReplicaSet", "replicasets", "rs")),
        Scaled(Row("apps", "v1", "StatefulSet", "statefulsets", "sts")),

        Review(Row(Authentication, "v1", "SelfSubjectReview", "selfsubjectreviews")),
        Review(Row(Authentication, "v1", "TokenReview", "tokenreviews")),

        Review(Row(Authorization, "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews")) with { Namespaced = true },
        Review(Row(Authorization, "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews")),
        Review(Row(Authorization, "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews")),
        Review(Row(Authorization, "v1", "SubjectAccessReview", "subjectaccessreviews")),

        WithStatus(Row("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa")) with { Categories = InAll },

        Workload(Row("batch", "v1", "CronJob", "cronjobs", "cj")),
        Workload(Row("batch", "v1", "Job", "jobs")) with
        {
            SelectableFields = [new SelectableField("status.successful", "status.succeeded", "0")],
            OrphansByDefault = true,
        },

        Row("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol") with { HasGeneration = true },

        WithStatus(Row("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb")) with
        {
            HasGeneration = true,
            AllowsUnconditionalUpdate = false,
        },

        Row(Rbac, "v1", "ClusterRoleBinding", "clusterrolebindings") with { Namespaced = false, CreatesOnUpdate = true },
        Row(Rbac, "v1", "ClusterRole", "clusterroles") with { Namespaced = false, CreatesOnUpdate = true },
        Row(Rbac, "v1", "RoleBinding", "rolebindings") with { CreatesOnUpdate = true },
        Row(Rbac, "v1", "Role", "roles") with { CreatesOnUpdate = true },

        WithStatus(Row("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd", "crds")) with
        {
            Namespaced = false,
            Categories = ["api-extensions"],
            HasGeneration = true,
            AllowsUnconditionalUpdate = false,
        },

        Row("coordination.k8s.io", "v1", "Lease", "leases") with { CreatesOnUpdate = true, AllowsUnconditionalUpdate = false },

        Row("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices") with { HasGeneration = true },
    ];

    private static ResourceDefinition Row(string group, string version, string kind, string plural, params string[] shortNames) => new()
    {
        Group = group,
        Version = version,
        Kind = kind,
        Plural = plural,
        Singular = kind.ToLowerInvariant(),
        ShortNames = shortNames,
        Schema = BuiltInSchemas.Get(group, version, kind),
    };

    private static SelectableField[] Fields(params string[] paths) => [.. paths.Select(SelectableField.At)];

    private static ResourceDefinition Review(ResourceDefinition row) => row with { Namespaced = false, Verbs = CreateOnly };

    private static ResourceDefinition WithStatus(ResourceDefinition row) =>
        row with { Subresources = [Subresource.Status(row.Kind)] };

    private static ResourceDefinition Workload(ResourceDefinition row) => WithStatus(row) with { Categories = InAll, HasGeneration = true };

    private static ResourceDefinition Scaled(ResourceDefinition row) => Workload(row) with
    {
        Scale = ScalePaths.BuiltIn,
        Subresources = [Subresource.Scale, Subresource.Status(row.Kind)],
    };
}
