using k8s;
using k8s.Models;

namespace Slipway.Operator.Desire;

/// <summary>KEDA's ScaledObject, as much of it as is written and read here.</summary>
[KubernetesEntity(Group = "keda.sh", ApiVersion = "v1alpha1", Kind = KubeKind, PluralName = "scaledobjects")]
internal sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "ScaledObject";
    public const string KubeApiVersion = "keda.sh/v1alpha1";

    public string ApiVersion { get; set; } = KubeApiVersion;
    public string Kind { get; set; } = KubeKind;
    public V1ObjectMeta Metadata { get; set; } = new();
    public ScaledObjectSpec? Spec { get; set; }
    public ScaledObjectStatus? Status { get; set; }
}

internal sealed record ScaledObjectSpec
{
    public ScaleTarget? ScaleTargetRef { get; init; }
    public int? CooldownPeriod { get; init; }
    public int? MinReplicaCount { get; init; }
    public int? MaxReplicaCount { get; init; }
    public ScaledObjectFallback? Fallback { get; init; }
    public ScaledObjectAdvanced? Advanced { get; init; }
    public IReadOnlyList<ScaledObjectTrigger>? Triggers { get; init; }
}

internal sealed record ScaleTarget(string ApiVersion, string Kind, string Name);

internal sealed record ScaledObjectFallback(int FailureThreshold, int Replicas);

internal sealed record ScaledObjectAdvanced
{
    public bool? RestoreToOriginalReplicaCount { get; init; }
    public ScaledObjectAutoscaler? HorizontalPodAutoscalerConfig { get; init; }
}

internal sealed record ScaledObjectAutoscaler
{
    public string? Name { get; init; }
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; init; }
}

internal sealed record ScaledObjectTrigger
{
    public required string Type { get; init; }
    public string? Name { get; init; }
    public string? MetricType { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public TriggerAuthentication? AuthenticationRef { get; init; }
}

internal sealed record TriggerAuthentication(string Name);

internal sealed record ScaledObjectStatus
{
    public string? HpaName { get; init; }
    public IReadOnlyList<ScaledObjectCondition>? Conditions { get; init; }
}

internal sealed record ScaledObjectCondition
{
    public string Type { get; init; } = "";
    public string Status { get; init; } = "";
    public string? Reason { get; init; }
    public string? Message { get; init; }
}
