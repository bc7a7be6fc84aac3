using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>
/// What was answered. <paramref name="Events"/> is not null for a watch; a <paramref name="Body"/> that is a JSON string is text that was not JSON.
/// </summary>
internal sealed record RecordedResponse(
    int Status, string? ContentType, IReadOnlyList<string> Warnings, bool RetryAfter, JsonNode? Body, JsonArray? Events)
{
    /// <summary>The status of a step whose connection the recorded server dropped: what it means to answer there is not known.</summary>
    public const int NoAnswer = 0;

    public static RecordedResponse Parse(JsonNode response)
    {
        JsonObject headers = response["headers"]!.AsObject();
        return new RecordedResponse(
            response["status"]!.GetValue<int>(),
            headers["Content-Type"]?.GetValue<string>(),
            headers["Warning"] switch
            {
                null => [],
                JsonArray several => [.. several.Select(warning => warning!.GetValue<string>())],
                var one => [one.GetValue<string>()],
            },
            headers.ContainsKey("Retry-After"),
            response["body"],
            response["events"]?.AsArray());
    }
}
