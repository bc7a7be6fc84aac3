using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>What to send. A <paramref name="Body"/> that is a JSON string is sent as its text; null means no body.</summary>
internal sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonNode? Body)
{
    /// <summary>The bytes of the body as text, or null for none.</summary>
    public string? BodyText => Body is JsonValue value && value.TryGetValue(out string? text) ? text : Body?.ToJsonString();

    public static RecordedRequest Parse(JsonNode request) => new(
        request["method"]!.GetValue<string>(),
        request["path"]!.GetValue<string>(),
        request["headers"]!.AsObject().ToDictionary(header => header.Key, header => header.Value!.GetValue<string>()),
        request["body"]);
}
