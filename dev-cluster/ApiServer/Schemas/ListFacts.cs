using System.Collections.Frozen;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// How lists of built-in kinds are owned (server-side apply) and merged (strategic merge patch). A list without a row is atomic and replaced.
/// Names are those of the client library's models.
/// </summary>
internal static class ListFacts
{
    private static readonly FrozenDictionary<string, Func<Schema, Schema>> Rows = new Dictionary<string, Func<Schema, Schema>>
    {
        ["V1ObjectMeta.finalizers"] = MergedSet,
        ["V1ObjectMeta.ownerReferences"] = Map("uid"),
        ["V1PodSpec.containers"] = Map("name"),
        ["V1PodSpec.initContainers"] = Map("name"),
        ["V1PodSpec.ephemeralContainers"] = Map("name"),
        ["V1PodSpec.imagePullSecrets"] = Map("name"),
        ["V1PodSpec.hostAliases"] = Map("ip"),
        ["V1PodSpec.volumes"] = RetainedMap("name"),
        ["V1PodSpec.resourceClaims"] = RetainedMap("name"),
        ["V1PodSpec.schedulingGates"] = Map("name"),
        ["V1PodSpec.topologySpreadConstraints"] = Map("topologyKey", "whenUnsatisfiable"),
        ["V1Container.env"] = Map("name"),
        ["V1Container.ports"] = Map("containerPort", "protocol"),
        ["V1Container.volumeMounts"] = Map("mountPath"),
        ["V1Container.volumeDevices"] = Map("devicePath"),
        ["V1EphemeralContainer.env"] = Map("name"),
        ["V1EphemeralContainer.ports"] = Map("containerPort", "protocol"),
        ["V1EphemeralContainer.volumeMounts"] = Map("mountPath"),
        ["V1EphemeralContainer.volumeDevices"] = Map("devicePath"),
        ["V1ResourceRequirements.claims"] = OwnedMap("name"),
        ["V1PodStatus.conditions"] = Map("type"),
        ["V1PodStatus.podIPs"] = Map("ip"),
        ["V1PodStatus.hostIPs"] = Merged("ip"),
        ["V1PodStatus.resourceClaimStatuses"] = RetainedMap("name"),
        ["V1ServiceSpec.ports"] = Map("port", "protocol"),
        ["V1ServiceStatus.conditions"] = Map("type"),
        ["V1ServiceAccount.secrets"] = Map("name"),
        ["V1DeploymentSpec.strategy"] = Retained,
        ["V1DeploymentStatus.conditions"] = Map("type"),
        ["V1ReplicaSetStatus.conditions"] = Map("type"),
        ["V1ReplicationControllerStatus.conditions"] = Map("type"),
        ["V1StatefulSetStatus.conditions"] = Map("type"),
        ["V1DaemonSetStatus.conditions"] = Map("type"),
        ["V1JobStatus.conditions"] = Merged("type"),
        ["V2HorizontalPodAutoscalerStatus.conditions"] = Map("type"),
        ["V1PodDisruptionBudgetSpec.selector"] = schema => schema with { PatchReplace = true },
        ["V1PodDisruptionBudgetStatus.conditions"] = Map("type"),
        ["V1NamespaceStatus.conditions"] = Map("type"),
        ["V1NodeSpec.podCIDRs"] = MergedSet,
        ["V1NodeStatus.addresses"] = Map("type"),
        ["V1NodeStatus.conditions"] = Map("type"),
        ["V1PersistentVolumeClaimStatus.conditions"] = Map("type"),
        ["V1Endpoint.addresses"] = OwnedSet,
        ["V1IngressStatus.conditions"] = Map("type"),
        ["V1CustomResourceDefinitionStatus.conditions"] = OwnedMap("type"),
        ["V1JSONSchemaProps.x-kubernetes-validations"] = Map("rule"),
        ["V1ValidatingWebhookConfiguration.webhooks"] = Map("name"),
        ["V1MutatingWebhookConfiguration.webhooks"] = Map("name"),
        ["V1APIServiceStatus.conditions"] = Map("type"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Schema Apply(string type, string field, Schema schema) =>
        Rows.TryGetValue($"{type}.{field}", out var fact) ? fact(schema) : schema;

    // In every list that is both owned and merged by key, strategic merge uses the first of the keys.
    private static Func<Schema, Schema> Map(params string[] keys) =>
        schema => schema with { ListType = ListType.Map, ListMapKeys = keys, PatchMergeKey = keys[0] };

    private static Func<Schema, Schema> RetainedMap(string key) =>
        schema => Map(key)(schema) with { PatchRetainKeys = true };

    private static Func<Schema, Schema> OwnedMap(string key) =>
        schema => schema with { ListType = ListType.Map, ListMapKeys = [key] };

    private static Func<Schema, Schema> Merged(string key) => schema => schema with { PatchMergeKey = key };

    private static Schema MergedSet(Schema schema) => schema with { ListType = ListType.Set, PatchMergeSet = true };

    private static Schema OwnedSet(Schema schema) => schema with { ListType = ListType.Set };

    private static Schema Retained(Schema schema) => schema with { PatchRetainKeys = true };
}
