using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authentication;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>
/// The ClusterRoles and bindings that every cluster has for its users. What Kubernetes has beside them is for its own programs, which here
/// are in <c>system:masters</c>.
/// </summary>
internal static class BootstrapPolicy
{
    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const string AggregateTo = "rbac.authorization.k8s.io/aggregate-to-";

    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];
    private static readonly string[] ReadWrite = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] Create = ["create"];

    private static readonly string[] CoreViewed =
    [
        "configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers",
        "replicationcontrollers/scale", "serviceaccounts", "services", "services/status", "bindings", "events", "limitranges", "namespaces/status",
        "pods/log", "pods/status", "replicationcontrollers/status", "resourcequotas", "resourcequotas/status", "namespaces",
    ];

    private static readonly string[] CoreSecret = ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"];

    private static readonly string[] CoreEdited =
    [
        "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "configmaps", "events", "persistentvolumeclaims", "replicationcontrollers",
        "replicationcontrollers/scale", "secrets", "serviceaccounts", "services", "services/proxy",
    ];

    private static readonly (string Group, string[] Edited, string[] ViewedToo)[] Groups =
    [
        (
            "apps",
            ["daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"],
            ["controllerrevisions", "daemonsets/status", "deployments/status", "replicasets/status", "statefulsets/status"]),
        ("autoscaling", ["horizontalpodautoscalers"], ["horizontalpodautoscalers/status"]),
        ("batch", ["cronjobs", "jobs"], ["cronjobs/status", "jobs/status"]),
        ("policy", ["poddisruptionbudgets"], ["poddisruptionbudgets/status"]),
        ("networking.k8s.io", ["ingresses", "networkpolicies"], ["ingresses/status"]),
    ];

    public static IEnumerable<JsonObject> Roles() =>
    [
        Role("cluster-admin", Rule(["*"], ["*"], ["*"]), Paths("*", "*")),
        Aggregated("admin"),
        Aggregated("edit", "admin"),
        Aggregated("view", "edit"),
        WithLabel(Role("system:aggregate-to-admin", AdminRules()), "admin"),
        WithLabel(Role("system:aggregate-to-edit", EditRules()), "edit"),
        WithLabel(Role("system:aggregate-to-view", ViewRules()), "view"),
        Role(
            "system:basic-user",
            Rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], Create),
            Rule(["authentication.k8s.io"], ["selfsubjectreviews"], Create)),
        Role(
            "system:discovery",
            Paths("get", "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/")),
        Role("system:public-info-viewer", Paths("get", "/healthz", "/livez", "/readyz", "/version", "/version/")),
    ];

    public static IEnumerable<JsonObject> Bindings() =>
    [
        Binding("cluster-admin", "system:masters"),
        Binding("system:basic-user", Identity.AuthenticatedGroup),
        Binding("system:discovery", Identity.AuthenticatedGroup),
        Binding("system:public-info-viewer", Identity.AuthenticatedGroup, Identity.UnauthenticatedGroup),
    ];

    private static JsonObject[] ViewRules() =>
    [
        Rule([""], CoreViewed, Read),
        Rule(["discovery.k8s.io"], ["endpointslices"], Read),
        .. Groups.Select(group => Rule([group.Group], [.. group.Edited.Except(["deployments/rollback"]), .. group.ViewedToo], Read)),
    ];

    private static JsonObject[] EditRules() =>
    [
        Rule([""], CoreSecret, Read),
        Rule([""], ["serviceaccounts"], ["impersonate"]),
        Rule([""], CoreEdited, Write),
        Rule([""], ["pods/eviction", "serviceaccounts/token"], Create),
        .. Groups.Select(group => Rule([group.Group], group.Edited, Write)),
        Rule(["coordination.k8s.io"], ["leases"], ReadWrite),
    ];

    private static JsonObject[] AdminRules() =>
    [
        Rule(["authorization.k8s.io"], ["localsubjectaccessreviews"], Create),
        Rule([RbacGroup], ["rolebindings", "roles"], ReadWrite),
    ];

    /// <summary>A role whose rules a controller gathers from those labelled for it.</summary>
    private static JsonObject Aggregated(string name, string? partOf = null)
    {
        var role = Role(name);
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [AggregateTo + name] = "true" } }),
        };
        role["rules"] = null;
        return partOf is null ? role : WithLabel(role, partOf);
    }

    private static JsonObject WithLabel(JsonObject role, string partOf)
    {
        role["metadata"]!["labels"]![AggregateTo + partOf] = "true";
        return role;
    }

    private static JsonObject Role(string name, params JsonObject[] rules) => new() { ["metadata"] = Metadata(name), ["rules"] = new JsonArray([.. rules]) };

    private static JsonObject Binding(string name, params string[] groups) => new()
    {
        ["metadata"] = Metadata(name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacGroup, ["kind"] = "ClusterRole", ["name"] = name },
        ["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject { ["apiGroup"] = RbacGroup, ["kind"] = "Group", ["name"] = group })]),
    };

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
        ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
    };

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) =>
        new() { ["apiGroups"] = List(groups), ["resources"] = List(resources), ["verbs"] = List(verbs) };

    private static JsonObject Paths(string verb, params string[] paths) => new() { ["nonResourceURLs"] = List(paths), ["verbs"] = List([verb]) };

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
