using System.Text;

namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>
/// The script that runs as the first process of a container's namespaces: it builds the root as a tmpfs, enters it and becomes the
/// container's command.
/// </summary>
internal static class LaunchScript
{
    public static string Build(ContainerLaunch launch, string root)
    {
        var script = new StringBuilder();
        script.Append("set -eu\numask 022\n").Append("R=").Append(Quote(root)).Append('\n');
        script.Append("""
            mount -t tmpfs -o mode=755 slipway "$R"
            mkdir "$R/.host" "$R/proc" "$R/dev" "$R/dev/shm" "$R/sys"
            mount --rbind / "$R/.host"
            mount --rbind /sys "$R/sys"
            mount -t proc proc "$R/proc" 2>/dev/null || mount --rbind /proc "$R/proc"
            mount -t tmpfs -o mode=1777 slipway "$R/dev/shm"
            for device in null zero full random urandom tty; do : > "$R/dev/$device"; mount --bind "/dev/$device" "$R/dev/$device"; done
            ln -s /proc/self/fd "$R/dev/fd"
            ln -s /proc/self/fd/0 "$R/dev/stdin"
            ln -s /proc/self/fd/1 "$R/dev/stdout"
            ln -s /proc/self/fd/2 "$R/dev/stderr"

            """);
        var writable = new List<string>();
        foreach (var step in RootPlan.Build(launch.Mounts))
        {
            script.Append(Line(step)).Append('\n');
            if (step is RootStep.Bind { ReadOnly: false } bind)
            {
                writable.Add(bind.Path);
            }
        }

        AppendReadOnly(script, writable);
        if (launch.ReadOnlyRoot)
        {
            script.Append("mount -o remount,bind,ro \"$R\"\n");
        }

        script.Append("hostname ").Append(Quote(launch.HostName)).Append(" 2>/dev/null || :\n");
        script.Append("exec chroot \"$R\" /bin/sh -c 'cd -- \"$0\" && exec env -i \"$@\"' ").Append(Quote(launch.WorkingDirectory));
        foreach (var word in launch.Environment.Select(variable => $"{variable.Key}={variable.Value}").Concat(launch.Command))
        {
            script.Append(" \\\n  ").Append(Quote(word));
        }

        return script.Append('\n').ToString();
    }

    /// <summary>A word that the shell takes literally.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Line(RootStep step) => step switch
    {
        RootStep.MakeDirectory directory => $"mkdir -p -m {directory.Mode} \"$R\"{Quote(directory.Path)}",
        RootStep.MakeFile file => $"mkdir -p \"$R\"{Quote(Path.GetDirectoryName(file.Path)!)}; [ -e \"$R\"{Quote(file.Path)} ] || : > \"$R\"{Quote(file.Path)}",
        RootStep.Link link => $"ln -s {Quote(link.Target)} \"$R\"{Quote(link.Path)}",
        RootStep.LinkHost host => $"ln -s -t \"$R\"{Quote(host.Directory)} {string.Join(' ', host.Names.Select(name => Quote(RootPlan.HostRoot + host.Directory.TrimEnd('/') + "/" + name)))}",
        RootStep.Bind bind => $"mount --rbind {Quote(bind.Source)} \"$R\"{Quote(bind.Path)}",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    /// <summary>Every mount below the root becomes read-only with the options that it has, except what the container may write.</summary>
    private static void AppendReadOnly(StringBuilder script, List<string> writable)
    {
        script.Append("mounts=$(cat /proc/self/mountinfo)\nwhile read -r _ _ _ _ point options _; do\n  case \"$point\" in\n    \"$R\"/proc|\"$R\"/proc/*|\"$R\"/dev/*) continue;;\n");
        foreach (var path in writable)
        {
            script.Append("    \"$R\"").Append(Quote(path)).Append("|\"$R\"").Append(Quote(path)).Append("/*) continue;;\n");
        }

        script.Append("""
                "$R"/*) case "$options" in rw*) mount -o "remount,bind,ro${options#rw}" "$point" 2>/dev/null || :;; esac;;
              esac
            done <<MOUNTS
            $mounts
            MOUNTS

            """);
    }
}
