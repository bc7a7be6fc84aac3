using System.Diagnostics;

namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>How containers get namespaces of their own on this machine.</summary>
internal sealed record Namespaces(bool OwnUser)
{
    private static readonly string[] Kinds = ["--mount", "--pid", "--uts", "--ipc", "--propagation", "private"];

    /// <summary>
    /// Starts its arguments as the first process of the new namespaces and repeats how that ended. unshare's own fork would report a
    /// SIGKILL as exit code 1. The inner session keeps a container's <c>kill 0</c> from reaching further.
    /// </summary>
    private const string First = "exec 3>&2 2>/dev/null; setpriv --pdeathsig KILL setsid \"$@\" 2>&3 3>&-; exit $?";

    /// <summary>The command before a container's own: it dies with this process, and everything in its namespaces dies with it. The outer session keeps a terminal's Ctrl-C out.</summary>
    public IReadOnlyList<string> Command =>
        ["setpriv", "--pdeathsig", "KILL", "setsid", "unshare", .. OwnUser ? ["--user", "--map-root-user"] : Array.Empty<string>(), .. Kinds, "/bin/sh", "-c", First, "first"];

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
