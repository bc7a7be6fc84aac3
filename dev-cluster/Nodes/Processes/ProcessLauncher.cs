using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.DevCluster.Nodes.Processes;

/// <summary>
/// Starts child processes from one thread that lives as long as the process. The children ask to die with their parent, and the kernel
/// takes the thread that forked for the parent: a thread of the pool that retires would take running containers with it.
/// </summary>
internal static class ProcessLauncher
{
    private const int MaxWaiting = 4096;

    private static readonly BlockingCollection<Action> Starts = Begin();

    /// <exception cref="System.ComponentModel.Win32Exception">The executable is missing or may not be run.</exception>
    public static async Task<Process> StartAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(
            () =>
            {
                try
                {
                    started.SetResult(Process.Start(start)!);
                }
                catch (Exception exception)
                {
                    started.SetException(exception);
                }
            },
            cancellationToken);
        // Not cancelled from here on: a process that was started must reach its owner.
        return await started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var starts = new BlockingCollection<Action>(MaxWaiting);
        new Thread(() => Run(starts)) { IsBackground = true, Name = "process launcher" }.Start();
        return starts;
    }

    private static void Run(BlockingCollection<Action> starts)
    {
        foreach (var start in starts.GetConsumingEnumerable())
        {
            start();
        }
    }
}
