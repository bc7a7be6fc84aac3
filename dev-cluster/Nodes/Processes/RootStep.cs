namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>One step of building a container's root; paths are those inside the container.</summary>
internal abstract record RootStep
{
    /// <summary>An empty directory of the container's own.</summary>
    internal sealed record MakeDirectory(string Path, string Mode = "755") : RootStep;

    /// <summary>An empty file to mount on.</summary>
    internal sealed record MakeFile(string Path) : RootStep;

    internal sealed record Link(string Path, string Target) : RootStep;

    /// <summary>The host's entries of one directory, seen through the mount of the host's whole root.</summary>
    internal sealed record LinkHost(string Directory, IReadOnlyList<string> Names) : RootStep;

    internal sealed record Bind(string Source, string Path, bool ReadOnly) : RootStep;
}
