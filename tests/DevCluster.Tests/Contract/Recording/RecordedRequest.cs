using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>What to send. A <paramref name="Body"/> that is a JSON string is sent as its text; null means no body.</summary>
internal sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonNode? Body)
{
    /// <summary>The bytes of the body as text, or null for none. Refusals quote its first bytes, so it is spaced as the recorder spaced it.</summary>
    public string? BodyText => Body switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        var json => Spaced(json),
    };

    public static RecordedRequest Parse(JsonNode request) => new(
        request["method"]!.GetValue<string>(),
        request["path"]!.GetValue<string>(),
        request["headers"]!.AsObject().ToDictionary(header => header.Key, header => header.Value!.GetValue<string>()),
        request["body"]);

    private static string Spaced(JsonNode? node) => node switch
    {
        JsonObject obj => $"{{{string.Join(", ", obj.Select(pair => $"{JsonValue.Create(pair.Key).ToJsonString()}: {Spaced(pair.Value)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(Spaced))}]",
        _ => node?.ToJsonString() ?? "null",
    };
}
