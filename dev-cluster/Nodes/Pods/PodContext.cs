using k8s.Models;
using Slipway.DevCluster.Nodes.Processes;
using Slipway.DevCluster.Nodes.Volumes;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>What everything that works on one pod shares.</summary>
internal sealed record PodContext
{
    public required V1Pod Pod { get; init; }
    public required string Address { get; init; }
    public required string Directory { get; init; }
    public required PodVolumes Volumes { get; init; }
    public required NodeServices Node { get; init; }

    /// <summary>Tells that a snapshot changed and the pod's status may have to be written.</summary>
    public required Action Changed { get; init; }
}

/// <summary>What all pods of the node share.</summary>
internal sealed record NodeServices(
    NodeOptions Options, Namespaces Namespaces, INodeObjects Objects, IPodReporter Reporter, PodAddresses Addresses, HttpClient Probes, TimeProvider Clock);
