using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Slipway.Api.Crd;

namespace Slipway.Api;

/// <summary>Between which bounds, and by which figures, the number of pods follows the load.</summary>
[Cel("self.minReplicas <= self.maxReplicas", "maxReplicas must not be less than minReplicas", FieldPath = ".maxReplicas")]
[Cel(
    "!has(self.keda) || !has(self.keda.fallback) || self.metrics.exists(m, m.type != 'Cpu' && m.type != 'Memory')",
    "a fallback needs a metric other than Cpu and Memory: KEDA falls back only from what it asks Prometheus for", FieldPath = ".keda")]
public sealed record AutoscalingSpec
{
    [Description("Pods at the least, 1 to 1000; what a new model starts with.")]
    [Range(1, 1000)]
    public int MinReplicas { get; init; } = 1;

    [Description("Pods at the most, 1 to 1000; not less than minReplicas.")]
    [Range(1, 1000)]
    public required int MaxReplicas { get; init; }

    [Description("Who scales: HPA is Kubernetes' HorizontalPodAutoscaler (autoscaling/v2), KEDA a ScaledObject (keda.sh/v1alpha1), for which KEDA must be installed.")]
    [AllowedValues(AutoscalingEngines.Hpa, AutoscalingEngines.Keda)]
    public string Engine { get; init; } = AutoscalingEngines.Hpa;

    [Description("Figures that are kept at their targets, at most one of each type; the one that wants the most pods wins.")]
    [MaxItems(5, Least = 1)]
    [ListMapKeys("type")]
    public required IReadOnlyList<MetricSpec> Metrics { get; init; }

    [Description("Settings of engine KEDA; HPA does not look at them.")]
    public KedaSpec? Keda { get; init; }

    [Description(
        "How fast scaling goes, as autoscaling/v2 defines it: scaleUp and scaleDown with stabilizationWindowSeconds, selectPolicy and policies; passed "
        + "through to either engine. Absent: Kubernetes' own pace. For server-side apply every list in here has one owner.")]
    public JsonObject? Behavior { get; init; }
}

/// <summary>The words of <c>spec.autoscaling.engine</c>.</summary>
public static class AutoscalingEngines
{
    public const string Hpa = "HPA";
    public const string Keda = "KEDA";
}

/// <summary>One figure and what it should be.</summary>
public sealed record MetricSpec
{
    [Description(
        "Cpu and Memory: percent of what the containers request. Concurrency: requests under way per pod. RequestsPerSecond: requests per second and pod. "
        + "QueueTime: milliseconds that a request waits for its run, on average.")]
    [AllowedValues(MetricTypes.Cpu, MetricTypes.Memory, MetricTypes.Concurrency, MetricTypes.RequestsPerSecond, MetricTypes.QueueTime)]
    public required string Type { get; init; }

    [Description("Average over the pods that is aimed at, in the unit of the type, 1 to 1000000.")]
    [Range(1, 1_000_000)]
    public required int Target { get; init; }
}

/// <summary>The words of <c>spec.autoscaling.metrics[].type</c>.</summary>
public static class MetricTypes
{
    public const string Cpu = "Cpu";
    public const string Memory = "Memory";
    public const string Concurrency = "Concurrency";
    public const string RequestsPerSecond = "RequestsPerSecond";
    public const string QueueTime = "QueueTime";

    /// <summary>The server's own figures, which Prometheus keeps; the others are measured by the kubelet.</summary>
    public static bool IsServed(string type) => type is not (Cpu or Memory);
}

/// <summary>Settings of a ScaledObject.</summary>
public sealed record KedaSpec
{
    [Description("Address of the Prometheus that is asked, as http://prometheus.monitoring:9090. Empty: the operator's --prometheus-url.")]
    [MaxLength(1024)]
    [RegularExpression("^(https?://[^\\s/@?#]+(/[^\\s@?#]*)?)?$")]
    public string ServerAddress { get; init; } = "";

    [Description("TriggerAuthentication of this namespace with which Prometheus is asked. Empty: none.")]
    [MaxLength(253)]
    [RegularExpression("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$")]
    public string AuthenticationRef { get; init; } = "";

    [Description("How many pods there are while Prometheus cannot be asked. Absent: the number stays as it is.")]
    public KedaFallback? Fallback { get; init; }

    [Description(
        "How long KEDA waits after the last load before it scales to 0, as a Go duration from 0s to 24h. As minReplicas is at least 1 that does not happen; "
        + "the pace of scaling down is that of behavior.")]
    [GoDuration("0s", "24h")]
    public string CooldownPeriod { get; init; } = "5m";
}

/// <summary>What holds while figures are missing.</summary>
public sealed record KedaFallback
{
    [Description("Questions in a row that fail before the fallback holds, 1 to 1000; KEDA asks every 30 s.")]
    [Range(1, 1000)]
    public int FailureThreshold { get; init; } = 3;

    [Description("Pods while the fallback holds, 1 to 1000.")]
    [Range(1, 1000)]
    public required int Replicas { get; init; }
}
