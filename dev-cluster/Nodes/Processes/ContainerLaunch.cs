namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>Everything that one start of a container needs.</summary>
internal sealed record ContainerLaunch
{
    public required string HostName { get; init; }

    /// <summary>Executable and arguments; the executable is looked up in the container's own PATH.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public string WorkingDirectory { get; init; } = "/";
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Directory of the host for the script and the root's mount point; the container's own.</summary>
    public required string StateDirectory { get; init; }
}
