using System.Text;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Containers;

internal static class TerminationMessage
{
    private const int MaxFileBytes = 4096;
    private const int MaxLogBytes = 2048;
    private const int MaxLogLines = 80;

    /// <summary>What the container left in its file; or, where its policy says so and it failed, the end of its log. Null means nothing.</summary>
    public static string? Read(V1Container container, string file, string logFile, int exitCode)
    {
        var message = Tail(file, MaxFileBytes);
        if (message.Length == 0 && exitCode != 0 && container.TerminationMessagePolicy == "FallbackToLogsOnError")
        {
            var lines = Tail(logFile, MaxLogBytes * 2).Split('\n').Select(LogLine.Text).Where(line => line.Length > 0).TakeLast(MaxLogLines);
            message = string.Concat(lines.Select(line => line + "\n"));
            message = message[Math.Max(0, message.Length - MaxLogBytes)..];
        }

        return message.Length == 0 ? null : message;
    }

    private static string Tail(string file, int bytes)
    {
        if (!File.Exists(file))
        {
            return "";
        }

        using var stream = File.OpenRead(file);
        stream.Seek(Math.Max(0, stream.Length - bytes), SeekOrigin.Begin);
        var buffer = new byte[bytes];
        return Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, bytes, throwOnEndOfStream: false));
    }
}
