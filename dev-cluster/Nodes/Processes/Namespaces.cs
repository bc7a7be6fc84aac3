using System.Diagnostics;

namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>How containers get namespaces of their own on this machine.</summary>
internal sealed record Namespaces(bool OwnUser)
{
    /// <summary>The session of its own keeps a container's <c>kill 0</c>, and a terminal's Ctrl-C, from crossing over.</summary>
    private static readonly string[] _kinds = ["--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child=SIGKILL", "--propagation", "private", "setsid"];

    /// <summary>The command before a container's own: it dies with this process, and everything in its namespaces dies with it.</summary>
    public IReadOnlyList<string> Command =>
        ["setpriv", "--pdeathsig", "KILL", "unshare", .. OwnUser ? ["--user", "--map-root-user"] : Array.Empty<string>(), .. _kinds];

    /// <summary>Tries what a container needs. Root makes mount namespaces directly, others inside a user namespace.</summary>
    /// <exception cref="InvalidOperationException">This machine or user cannot; the message says so in a sentence.</exception>
    public static async Task<Namespaces> DetectAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("slipway-dev runs pods in Linux namespaces; use Linux or WSL2.");
        }

        var namespaces = new Namespaces(System.Environment.UserName != "root");
        try
        {
            var start = new ProcessStartInfo { FileName = namespaces.Command[0], RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var word in namespaces.Command.Skip(1).Concat(["sh", "-c", "mount -t tmpfs none /mnt && mount --rbind /usr /mnt"]))
            {
                start.ArgumentList.Add(word);
            }

            using var process = await ProcessLauncher.StartAsync(start, cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? namespaces : throw Refused(error.Trim());
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw Refused(exception.Message);
        }
    }

    private static InvalidOperationException Refused(string reason) => new(
        $"slipway-dev has no right to make mount and process namespaces, which pods need ({reason}); run it as root, or allow unprivileged user namespaces, and install util-linux.");
}
