using System.Diagnostics;
using System.Globalization;
using Slipway.DevCluster.Nodes.Processes;

namespace Slipway.DevCluster.Nodes.Probes;

/// <summary>Runs a command inside a running container's namespaces and root.</summary>
internal sealed class ContainerExec(ContainerProcess process, IReadOnlyDictionary<string, string> environment, Namespaces namespaces)
{
    private const int MaxOutput = 10 * 1024;
    private const int TimedOut = 137;

    public async Task<ProbeResult> RunAsync(IList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await process.FindFirstAsync(cancellationToken) is not { } first)
        {
            return ProbeResult.Bad("the container is not running");
        }

        var start = new ProcessStartInfo { FileName = "setpriv", RedirectStandardOutput = true, RedirectStandardError = true };
        string[] enter = ["--pdeathsig", "KILL", "nsenter", "--target", first.ToString(CultureInfo.InvariantCulture), "--mount", "--pid", "--uts", "--ipc", "--root", "--wd"];
        string[] user = namespaces.OwnUser ? ["--user", "--preserve-credentials"] : [];
        string[] limit = ["timeout", "-s", "KILL", Math.Ceiling(timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
        foreach (var word in enter.Concat(user).Append("env").Append("-i").Concat(environment.Select(pair => $"{pair.Key}={pair.Value}")).Concat(limit).Concat(command))
        {
            start.ArgumentList.Add(word);
        }

        using var child = await ProcessLauncher.StartAsync(start, cancellationToken);
        var output = ReadAsync(child.StandardOutput, cancellationToken);
        var error = ReadAsync(child.StandardError, cancellationToken);
        await child.WaitForExitAsync(cancellationToken);
        var said = await output + await error;
        return child.ExitCode switch
        {
            0 => ProbeResult.Good,
            TimedOut => ProbeResult.Bad($"command timed out after {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s"),
            _ => ProbeResult.Bad(said),
        };
    }

    /// <summary>Keeps the beginning and reads the rest away, so that the command never blocks on a full pipe.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var kept = new char[MaxOutput];
        var used = await reader.ReadBlockAsync(kept, cancellationToken);
        var rest = new char[1024];
        while (await reader.ReadAsync(rest, cancellationToken) > 0)
        {
            continue;
        }

        return new string(kept, 0, used);
    }
}
