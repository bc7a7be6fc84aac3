namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>
/// Plans a container's root: the host's directories seen read-only, opened up where something is mounted inside them, so that mount points
/// which the host lacks need nothing of the host. Directories that are opened hold links into <see cref="HostRoot"/>.
/// </summary>
internal sealed class RootPlan
{
    /// <summary>The host's whole root, read-only, inside the container.</summary>
    public const string HostRoot = "/.host";

    /// <summary>Never the host's: the script makes them, or the container gets empty ones of its own.</summary>
    private static readonly string[] Special = ["/proc", "/dev", "/sys", HostRoot];
    private static readonly string[] Own = ["/tmp", "/run", "/var/tmp"];

    private readonly List<RootStep> _steps = [];
    private readonly HashSet<string> _open = ["/"];
    private readonly List<ContainerMount> _mounts;

    private RootPlan(IEnumerable<ContainerMount> mounts)
    {
        // Outer mounts first, so that inner ones land inside them; of two at one path the later wins, as Kubernetes' order would have it.
        _mounts = [.. mounts.Select(mount => mount with { Path = Canonical(mount.Path) }).GroupBy(mount => mount.Path).Select(same => same.Last()).OrderBy(mount => mount.Path.Count(c => c == '/')).ThenBy(mount => mount.Path, StringComparer.Ordinal)];
        foreach (var path in _mounts.Select(mount => mount.Path).Concat(Own))
        {
            for (var parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
            {
                _open.Add(parent);
            }
        }
    }

    public static IReadOnlyList<RootStep> Build(IEnumerable<ContainerMount> mounts)
    {
        var plan = new RootPlan(mounts);
        plan.Open("/");
        plan.Mount();
        return plan._steps;
    }

    /// <summary>Follows the host's links (such as <c>/var/run</c>) in the part of the path that exists.</summary>
    private static string Canonical(string path)
    {
        var result = "/";
        foreach (var name in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(result, name);
            var link = new DirectoryInfo(next);
            result = link.LinkTarget is not null && link.ResolveLinkTarget(true) is { Exists: true } target ? target.FullName : next;
        }

        return result;
    }

    private void Open(string directory)
    {
        var linked = new List<string>();
        foreach (var entry in Entries(directory).Where(entry => !Special.Contains(entry.FullName) && !Own.Contains(entry.FullName)))
        {
            if (entry.LinkTarget is { } target)
            {
                _steps.Add(new RootStep.Link(entry.FullName, target));
            }
            else if (_mounts.Exists(mount => mount.Path == entry.FullName))
            {
                continue;
            }
            else if (_open.Contains(entry.FullName))
            {
                _steps.Add(new RootStep.MakeDirectory(entry.FullName));
                Open(entry.FullName);
            }
            else if (directory == "/" && entry is DirectoryInfo)
            {
                _steps.Add(new RootStep.MakeDirectory(entry.FullName));
                _steps.Add(new RootStep.Bind(entry.FullName, entry.FullName, ReadOnly: true));
            }
            else
            {
                linked.Add(entry.Name);
            }
        }

        if (linked.Count > 0)
        {
            _steps.Add(new RootStep.LinkHost(directory, linked));
        }
    }

    private void Mount()
    {
        foreach (var path in Own)
        {
            _steps.Add(new RootStep.MakeDirectory(path, path == "/run" ? "755" : "1777"));
        }

        foreach (var mount in _mounts)
        {
            _steps.Add(mount.IsFile ? new RootStep.MakeFile(mount.Path) : new RootStep.MakeDirectory(mount.Path));
            _steps.Add(new RootStep.Bind(mount.Source, mount.Path, mount.ReadOnly));
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(string directory)
    {
        var info = new DirectoryInfo(directory);
        return info.Exists
            ? info.EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 }).OrderBy(entry => entry.Name, StringComparer.Ordinal)
            : [];
    }
}
