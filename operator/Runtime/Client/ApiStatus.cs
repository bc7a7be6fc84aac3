using System.Net;
using System.Text.Json;

namespace Slipway.Runtime;

/// <summary>The Status object in which an API server wraps a refusal.</summary>
internal static class ApiStatus
{
    private const int MaxTextLength = 1024;
    private const string NamespaceTerminating = "NamespaceTerminating";

    /// <summary>The refusal of a request; what is no Status has no reason and is its own message, cut at 1,024 characters.</summary>
    public static ApiException Read(HttpStatusCode code, string text, string request)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var (reason, message) = Read(document.RootElement);
            var details = Details(document.RootElement);
            return new(code, reason, message, request) { NamespaceIsEnding = NamespaceIsEnding(details), NamesNothing = Text(details, "name").Length == 0 };
        }
        catch (JsonException)
        {
            // A proxy on the way answers in prose or HTML, and so does an API server at a path that it does not know; their text is the best there is.
            return new(code, "", Cut(text.Trim()), request) { NamesNothing = true };
        }
    }

    public static (string Reason, string Message) Read(JsonElement status) =>
        (Text(status, "reason"), Text(status, "message") is { Length: > 0 } message ? message : Cut(status.GetRawText()));

    /// <summary>Whether a refusal names the end of its namespace as a cause.</summary>
    private static bool NamespaceIsEnding(JsonElement details) =>
        details.ValueKind == JsonValueKind.Object
        && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
        && causes.EnumerateArray().Any(cause => Text(cause, "reason") == NamespaceTerminating);

    private static JsonElement Details(JsonElement status) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty("details", out var details) ? details : default;

    public static int Code(JsonElement status) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 0;

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
