using k8s;
using Microsoft.Extensions.Hosting;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;
using Slipway.DevCluster.Nodes;

namespace Slipway.DevCluster;

/// <summary>How to start a cluster.</summary>
internal sealed record ClusterOptions
{
    /// <summary>Directory of everything that the cluster writes; null makes one below the system's temporary directory, and removes it in the end.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Where the kubeconfig goes; null puts it into the data directory.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>Port of the API server on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the status page on 127.0.0.1; 0 takes any free one, null shows none.</summary>
    public int? PagePort { get; init; }

    public IReadOnlyList<HostMount> Mounts { get; init; } = [];

    /// <summary>The images that pods can run; null is the default table, with the model server that was built beside this program.</summary>
    public IReadOnlyList<Image>? Images { get; init; }

    /// <summary>Settings of the controller that scales.</summary>
    public HorizontalPodAutoscalerOptions Autoscaling { get; init; } = new();

    /// <summary>Changes the node's settings; null leaves them.</summary>
    public Func<NodeOptions, NodeOptions>? Node { get; init; }

    /// <summary>Changes the API server's settings at each of its starts; null leaves them.</summary>
    public Func<ApiServerOptions, ApiServerOptions>? Server { get; init; }

    /// <summary>A file that gets one line of JSON for each request to the API server; null for none.</summary>
    public string? AuditLog { get; init; }

    /// <summary>Whether a kubelet and a Service proxy run; without them pods are bound and stay Pending.</summary>
    public bool WithNode { get; init; } = true;

    /// <summary>Makes the operator, not started; null runs none.</summary>
    public Func<KubernetesClientConfiguration, IHost>? Operator { get; init; } = OperatorComposition.Build;

    /// <summary>Told of each step that may take long; null for nobody.</summary>
    public Action<string>? Progress { get; init; }
}
