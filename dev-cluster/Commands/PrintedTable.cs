using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Commands;

/// <summary>Prints a <c>Table</c> answer of the API server the way <c>kubectl get</c> does.</summary>
internal static class PrintedTable
{
    private const int Gap = 3;

    public static string Of(JsonNode table)
    {
        var shown = table["columnDefinitions"]!.AsArray()
            .Select((column, index) => (Column: column!, Index: index))
            .Where(entry => (long?)entry.Column["priority"] is null or 0)
            .ToList();
        string[][] lines =
        [
            [.. shown.Select(entry => ((string)entry.Column["name"]!).ToUpperInvariant())],
            .. (table["rows"] as JsonArray ?? []).Select(row => shown.Select(entry => row!["cells"]![entry.Index]?.ToString() ?? "").ToArray()),
        ];
        var widths = shown.Select((_, column) => lines.Max(line => line[column].Length) + Gap).ToList();
        return string.Join('\n', lines.Select(line => string.Concat(line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
