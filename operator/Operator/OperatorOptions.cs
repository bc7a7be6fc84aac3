using System.Net;
using k8s;
using Slipway.Operator.Desire;
using Slipway.Operator.Monitoring;
using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>Settings of one operator process.</summary>
public sealed record OperatorOptions
{
    /// <summary>Version of this build, as in image tags.</summary>
    public static string Version { get; } = typeof(OperatorOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>Image of pods whose spec names none, when <c>--server-image</c> does not say otherwise.</summary>
    public static string DefaultServerImage { get; } = $"ghcr.io/slipway/model-server:{Version}";

    /// <summary>How to reach the API server.</summary>
    public required KubernetesClientConfiguration Kubernetes { get; init; }

    /// <summary>Namespaces that are watched; none: all.</summary>
    public IReadOnlyList<string> WatchNamespaces { get; init; } = [];

    public string ServerImage { get; init; } = DefaultServerImage;

    /// <summary>Prometheus that KEDA asks for models that name none, as <c>http://prometheus.monitoring:9090</c>; empty: none.</summary>
    public string PrometheusUrl { get; init; } = "";

    /// <summary>Address of an alert's runbook, with <c>{alert}</c> in the place of the alert's name.</summary>
    public string RunbookUrl { get; init; } = Alert.Runbook;

    /// <summary>Namespace of the operator's own pod, which NetworkPolicies let in; empty when it runs outside of the cluster.</summary>
    public string PodNamespace { get; init; } = "";

    /// <summary>What users may not ask for.</summary>
    public Restrictions Restrictions { get; init; } = new();

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8080);

    /// <summary>ModelDeployments that are reconciled at the same time, 1 to 64.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Models that get what only the operator changed (its default image, its defaults) at the same time, 1 to 1000.</summary>
    public int UpgradeConcurrency { get; init; } = 5;

    /// <summary>The Lease that this operator shares with its replicas: it acts only while it holds it. Null: it acts alone.</summary>
    public ObjectKey? Lease { get; init; }

    /// <summary>Least level of messages that are logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
