using System.Collections.Frozen;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Structs and maps that have one owner as a whole. Names are those of the client library's models.</summary>
internal static class AtomicFacts
{
    private static readonly FrozenSet<string> Types = new[]
    {
        "V1LabelSelector", "V1OwnerReference", "V1ConfigMapKeySelector", "V1SecretKeySelector", "V1FileKeySelector", "V1ObjectFieldSelector",
        "V1ResourceFieldSelector", "V1LocalObjectReference", "V1ObjectReference", "V1TypedLocalObjectReference", "V1SecretReference",
        "V1NodeSelector", "V1NodeSelectorTerm", "V1TopologySelectorTerm", "V1ScopedResourceSelectorRequirement", "V1ScopeSelector",
        "V1CrossVersionObjectReference", "V1RoleRef", "Rbacv1Subject", "Corev1EndpointPort", "Discoveryv1EndpointPort", "V1EndpointAddress",
        "V1IngressClassParametersReference", "V1IngressRuleValue",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Fields = new[]
    {
        "V1PodSpec.nodeSelector", "V1ServiceSpec.selector", "V1ReplicationControllerSpec.selector",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsAtomicType(string type) => Types.Contains(type);

    public static bool IsAtomicField(string type, string field) => Fields.Contains($"{type}.{field}");
}
