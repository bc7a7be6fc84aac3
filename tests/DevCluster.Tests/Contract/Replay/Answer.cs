using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>What the server under test answered. <paramref name="Events"/> is not null for a watch that was opened; status 0 is a dropped connection.</summary>
internal sealed record Answer(
    int Status, string? ContentType, IReadOnlyList<string> Warnings, bool RetryAfter, string Text, IReadOnlyList<JsonNode>? Events)
{
    /// <summary>The body as JSON, or its text when it is none.</summary>
    public JsonNode? Body { get; } = Parse(Text);

    private static JsonNode? Parse(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
