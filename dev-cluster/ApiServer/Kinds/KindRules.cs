using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>
/// What one built-in kind adds to the common handling of objects. All are pure: they see and change nothing but the objects given.
/// Kinds without rules, custom resources among them, get rules that do nothing.
/// </summary>
internal sealed record KindRules
{
    private static readonly KindRules None = new();

    private static readonly FrozenDictionary<(string Group, string Kind), KindRules> Table = new Dictionary<(string, string), KindRules>
    {
        [("", "ConfigMap")] = ConfigMapRules.Rules,
        [("", "Event")] = EventRules.Rules,
        [("", "Namespace")] = NamespaceRules.Rules,
        [("", "Pod")] = PodRules.Rules,
        [("", "Secret")] = SecretRules.Rules,
        [("", "Service")] = ServiceRules.Rules,
        [("", "ServiceAccount")] = NamedOnly,
        [("apiextensions.k8s.io", "CustomResourceDefinition")] = CustomResourceDefinitionRules.Rules,
        [("apps", "ControllerRevision")] = ControllerRevisionRules.Rules,
        [("apps", "DaemonSet")] = DaemonSetRules.Rules,
        [("apps", "Deployment")] = DeploymentRules.Rules,
        [("apps", "ReplicaSet")] = ReplicaSetRules.Rules,
        [("apps", "StatefulSet")] = StatefulSetRules.Rules,
        [("authentication.k8s.io", "TokenRequest")] = TokenRequestRules.Rules,
        [("autoscaling", "HorizontalPodAutoscaler")] = HorizontalPodAutoscalerRules.Rules,
        [("batch", "Job")] = JobRules.Rules,
        [("coordination.k8s.io", "Lease")] = LeaseRules.Rules,
        [("discovery.k8s.io", "EndpointSlice")] = EndpointSliceRules.Rules,
        [("networking.k8s.io", "NetworkPolicy")] = NetworkPolicyRules.Rules,
        [("policy", "PodDisruptionBudget")] = PodDisruptionBudgetRules.Rules,
        [("rbac.authorization.k8s.io", "ClusterRoleBinding")] = RoleBindingRules.Rules,
        [("rbac.authorization.k8s.io", "RoleBinding")] = RoleBindingRules.Rules,
    }.ToFrozenDictionary();

    /// <summary>Rules of a kind whose metadata alone can be wrong.</summary>
    private static KindRules NamedOnly => new() { Validate = (next, _) => [.. ObjectMetaValidation.Check(next)] };

    /// <summary>Kubernetes' defaults and normalisation of a decoded object, before anything else reads it; on every write.</summary>
    public Action<JsonObject> Default { get; init; } = _ => { };

    /// <summary>What the server itself sets on a new object, after its fields have got their owners.</summary>
    public Action<JsonObject> PrepareForCreate { get; init; } = _ => { };

    /// <summary>What the server carries over from the old object or changes on a new version; first argument next, second old.</summary>
    public Action<JsonObject, JsonObject> PrepareForUpdate { get; init; } = (_, _) => { };

    /// <summary>All errors of an object; the second argument is the old version, null on create.</summary>
    public Func<JsonObject, JsonObject?, IReadOnlyList<FieldError>> Validate { get; init; } = (_, _) => [];

    public static KindRules For(string group, string kind) => Table.GetValueOrDefault((group, kind), None);
}
