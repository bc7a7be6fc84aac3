using Slipway.DevCluster.Nodes.Containers;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>Everything that a pod's status is computed from.</summary>
internal sealed record PodPicture
{
    public required string Address { get; init; }
    public required DateTime StartTime { get; init; }

    /// <summary>Volumes are there and containers may start.</summary>
    public bool ReadyToStart { get; init; }

    /// <summary>The node ended the pod: its containers are gone and do not come back.</summary>
    public bool Ended { get; init; }

    /// <summary>Why the node failed the whole pod; null while it did not.</summary>
    public (string Reason, string Message)? Failure { get; init; }

    /// <summary>Init containers by name, in order.</summary>
    public required IReadOnlyDictionary<string, ContainerSnapshot> Init { get; init; }

    public required IReadOnlyDictionary<string, ContainerSnapshot> Containers { get; init; }
}
