using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>Values as the server's messages show them: <c>map[a:1 b:[x y]]</c>, keys sorted.</summary>
internal static class PrintedMap
{
    public static string Of(JsonNode? value) => value switch
    {
        null => "<nil>",
        JsonObject fields => $"map[{string.Join(' ', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{Of(field.Value)}"))}]",
        JsonArray items => $"[{string.Join(' ', items.Select(Of))}]",
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
