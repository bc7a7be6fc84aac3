using k8s.Models;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>What is known of one container at one moment; replaced whole.</summary>
internal sealed record ContainerSnapshot
{
    public required V1ContainerState State { get; init; }

    /// <summary>How the run before this one ended; null before the first restart.</summary>
    public V1ContainerState? Last { get; init; }

    public int RestartCount { get; init; }
    public bool Ready { get; init; }

    /// <summary>Running, and its startup probe (if any) has succeeded.</summary>
    public bool Started { get; init; }

    public string? ContainerId { get; init; }

    public static ContainerSnapshot Waiting(string reason) => new() { State = new() { Waiting = new() { Reason = reason } } };
}
