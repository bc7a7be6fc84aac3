namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>Lines of a log file: <c>time stream F text</c>, the form of container runtimes.</summary>
internal static class LogLine
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff00'Z'";

    /// <summary>The text of a whole line; empty when the line was cut at its start.</summary>
    public static string Text(string line) => line.Split(' ', 4) is [_, _, _, var text] ? text : "";

    public static string Time(string line) => line.Split(' ', 2)[0];
}
