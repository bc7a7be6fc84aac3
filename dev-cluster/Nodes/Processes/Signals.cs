using System.Runtime.InteropServices;

namespace Slipway.DevCluster.Nodes.Processes;

internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>False when there is no such process any more.</summary>
    public static bool Send(int processId, int signal) => NativeKill(processId, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}
