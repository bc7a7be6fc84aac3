using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Defaults that built-in schemas themselves declare: those of list-map keys, without which an item cannot be identified.</summary>
internal static class DefaultFacts
{
    public static JsonNode? Of(string type, string field) => (type, field) switch
    {
        ("V1ContainerPort", "protocol") or ("V1ServicePort", "protocol") => JsonValue.Create("TCP"),
        _ => null,
    };
}
