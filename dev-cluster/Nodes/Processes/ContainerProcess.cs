using System.Diagnostics;
using System.Globalization;

namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>One running container: the process that waits for its namespaces, and the first process inside them.</summary>
internal sealed class ContainerProcess : IDisposable
{
    /// <summary>Longer lines are cut into pieces of this many characters, as container runtimes do.</summary>
    private const int MaxLine = 16 * 1024;

    private static readonly TimeSpan ForkLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForkPoll = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly Task _output;
    private readonly TimeProvider _clock;

    private ContainerProcess(Process process, Func<string, string, CancellationToken, ValueTask> line, TimeProvider clock)
    {
        _process = process;
        Id = process.Id;
        _clock = clock;
        _output = Task.WhenAll(
            CopyAsync(process.StandardOutput, "stdout", line),
            CopyAsync(process.StandardError, "stderr", line));
    }

    /// <summary>The process of this machine that all processes of the container are below of.</summary>
    public int Id { get; }

    /// <summary>Starts the container; <paramref name="line"/> gets each line of its output with the stream's name.</summary>
    public static async Task<ContainerProcess> StartAsync(
        ContainerLaunch launch, Namespaces namespaces, Func<string, string, CancellationToken, ValueTask> line, TimeProvider clock, CancellationToken cancellationToken)
    {
        var root = Path.Combine(launch.StateDirectory, "root");
        var script = Path.Combine(launch.StateDirectory, "launch.sh");
        Directory.CreateDirectory(root);
        await File.WriteAllTextAsync(script, LaunchScript.Build(launch, root), cancellationToken);
        // The script holds the container's environment, secrets among it.
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var start = new ProcessStartInfo
        {
            FileName = namespaces.Command[0],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var word in namespaces.Command.Skip(1).Concat(["/bin/sh", script]))
        {
            start.ArgumentList.Add(word);
        }

        var process = await ProcessLauncher.StartAsync(start, cancellationToken);
        process.StandardInput.Close();
        return new(process, line, clock);
    }

    /// <summary>Waits for the end and for all output. The answer is the exit code, or 128 and the signal that ended the container.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output;
        return _process.ExitCode;
    }

    /// <summary>The first process inside the namespaces, as the host numbers it; null when the container has ended.</summary>
    public async Task<int?> FindFirstAsync(CancellationToken cancellationToken)
    {
        var since = _clock.GetTimestamp();
        while (!_process.HasExited && _clock.GetElapsedTime(since) < ForkLimit)
        {
            if (await ChildAsync(cancellationToken) is { } child)
            {
                return child;
            }

            // Between its start and its fork the waiting process has no child yet.
            await Task.Delay(ForkPoll, _clock, cancellationToken);
        }

        return null;
    }

    /// <summary>Signals the container's first process, as a kubelet does; does nothing once it has ended.</summary>
    public async Task SignalAsync(int signal, CancellationToken cancellationToken)
    {
        if (await FindFirstAsync(cancellationToken) is { } first)
        {
            Signals.Send(first, signal);
        }
        else if (signal == Signals.Kill && !_process.HasExited)
        {
            _process.Kill();
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int?> ChildAsync(CancellationToken cancellationToken)
    {
        try
        {
            var id = _process.Id.ToString(CultureInfo.InvariantCulture);
            var children = await File.ReadAllTextAsync($"/proc/{id}/task/{id}/children", cancellationToken);
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            // The process ended between the look and the read.
            return null;
        }
    }

    private static async Task CopyAsync(StreamReader reader, string stream, Func<string, string, CancellationToken, ValueTask> line)
    {
        var buffer = new char[MaxLine];
        var used = 0;
        int read;
        while ((read = await reader.ReadAsync(buffer.AsMemory(used), CancellationToken.None)) > 0)
        {
            used += read;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, used - start).IndexOf('\n')) >= 0; start += length + 1)
            {
                await line(stream, new string(buffer, start, length), CancellationToken.None);
            }

            if (start == 0 && used == buffer.Length)
            {
                await line(stream, new string(buffer), CancellationToken.None);
                start = used;
            }

            buffer.AsSpan(start, used - start).CopyTo(buffer);
            used -= start;
        }

        if (used > 0)
        {
            await line(stream, new string(buffer, 0, used), CancellationToken.None);
        }
    }
}
