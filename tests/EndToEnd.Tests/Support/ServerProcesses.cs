using System.Globalization;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The model servers that run on this machine, found in <c>/proc</c> by the address that they were told to bind to.</summary>
internal static class ServerProcesses
{
    /// <summary>Process ids of the server of the pod with this address.</summary>
    public static IReadOnlyList<int> Of(string podIP) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Read(pid, "cmdline").Contains("slipway-server", StringComparison.Ordinal))
            .Where(pid => Read(pid, "cmdline").Split('\0')[0].EndsWith("slipway-server", StringComparison.Ordinal))
            .Where(pid => Read(pid, "environ").Split('\0').Contains($"SLIPWAY_BIND_ADDRESS={podIP}", StringComparer.Ordinal))];

    /// <summary>Empty when the process has ended meanwhile.</summary>
    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
