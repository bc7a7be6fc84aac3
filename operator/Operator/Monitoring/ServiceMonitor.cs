using k8s;
using k8s.Models;

namespace Slipway.Operator.Monitoring;

/// <summary>The Prometheus Operator's ServiceMonitor, as much of it as is written here.</summary>
[KubernetesEntity(Group = "monitoring.coreos.com", ApiVersion = "v1", Kind = KubeKind, PluralName = "servicemonitors")]
internal sealed class ServiceMonitor : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "ServiceMonitor";

    public string ApiVersion { get; set; } = PrometheusRule.KubeApiVersion;
    public string Kind { get; set; } = KubeKind;
    public V1ObjectMeta Metadata { get; set; } = new();
    public ServiceMonitorSpec? Spec { get; set; }
}

internal sealed record ServiceMonitorSpec
{
    public required V1LabelSelector Selector { get; init; }
    public required IReadOnlyList<ScrapedEndpoint> Endpoints { get; init; }
}

internal sealed record ScrapedEndpoint
{
    /// <summary>Name of the Service's port.</summary>
    public required string Port { get; init; }

    public required string Path { get; init; }
    public required string Interval { get; init; }
}
