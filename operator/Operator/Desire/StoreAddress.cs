using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>On which ports a model's store is reached, as far as its spec tells: an https uri, or an endpoint in the environment of the pod template.</summary>
internal static class StoreAddress
{
    public const int StandardPort = 443;

    private static readonly string[] Variables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AZURE_STORAGE_SERVICE_ENDPOINT"];

    public static IEnumerable<int> Ports(ModelDeploymentSpec spec) => Endpoints(spec)
        .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.Port : 0)
        .Where(port => port > 0);

    private static IEnumerable<string> Endpoints(ModelDeploymentSpec spec)
    {
        if (spec.Model.Uri.StartsWith("https://", StringComparison.Ordinal))
        {
            yield return spec.Model.Uri;
        }

        var containers = spec.PodTemplate?["spec"] is JsonObject pod ? pod["containers"] as JsonArray : null;
        var server = containers?.OfType<JsonObject>().FirstOrDefault(container => Text(container["name"]) == Names.ServerContainer);
        foreach (var variable in (server?["env"] as JsonArray ?? []).OfType<JsonObject>().Where(variable => Variables.Contains(Text(variable["name"]))))
        {
            if (Text(variable["value"]) is { } address)
            {
                yield return address;
            }
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
