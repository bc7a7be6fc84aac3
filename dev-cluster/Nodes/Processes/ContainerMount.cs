namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>A directory or file of the host at a path of the container.</summary>
internal sealed record ContainerMount(string Source, string Path, bool ReadOnly, bool IsFile = false);
