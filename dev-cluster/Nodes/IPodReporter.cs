using k8s.Models;

namespace Slipway.DevCluster.Nodes;

/// <summary>Where the kubelet tells what became of a pod.</summary>
internal interface IPodReporter
{
    /// <summary>Writes the status of exactly this pod (by uid). A pod that is gone is no error.</summary>
    Task WriteStatusAsync(V1Pod pod, V1PodStatus status, CancellationToken cancellationToken);

    /// <summary>Removes the object of exactly this pod (by uid) without grace. A pod that is gone is no error.</summary>
    Task RemoveAsync(V1Pod pod, CancellationToken cancellationToken);

    /// <summary>Records an event about the pod, or about one container of it. Never throws.</summary>
    void Event(V1Pod pod, string? container, PodEvent happened, string message);
}

/// <summary>The reasons of a kubelet's events.</summary>
internal enum PodEvent
{
    Pulled,
    Created,
    Started,
    Killing,
    Pulling,
    Failed,
    BackOff,
    Unhealthy,
    FailedMount,
    FailedPreStopHook,
}
