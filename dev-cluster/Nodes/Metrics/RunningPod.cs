namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>A pod whose containers run, as far as measuring needs it.</summary>
/// <param name="Namespace">Of the pod.</param>
/// <param name="Name">Of the pod.</param>
/// <param name="Uid">Of the pod.</param>
/// <param name="Processes">The process of this machine under which each running container's processes are, by the container's name.</param>
/// <param name="Metrics">Where the pod tells its metrics; null when it has no management port.</param>
internal sealed record RunningPod(string Namespace, string Name, string Uid, IReadOnlyDictionary<string, int> Processes, Uri? Metrics);
