using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What is scaled: how many pods it asks for and has, and how to know them.</summary>
/// <param name="Path">Of its scale subresource.</param>
/// <param name="Document">As it was read.</param>
internal sealed record TargetScale(string Path, JsonNode Document)
{
    /// <summary>Pods that are asked for.</summary>
    public int Replicas => (int?)Document["spec"]?["replicas"] ?? 0;

    /// <summary>Pods that there are.</summary>
    public int Present => (int?)Document["status"]?["replicas"] ?? 0;

    /// <summary>Label selector of the pods as text; empty when the target tells none.</summary>
    public string Selector => (string?)Document["status"]?["selector"] ?? "";
}

/// <summary>Reads and writes the scale subresource of objects of any kind.</summary>
internal sealed class ScaleClient(ApiCall api)
{
    /// <exception cref="MetricUnavailableException">The target's kind or the target itself is not there, or cannot be scaled.</exception>
    public async Task<TargetScale> ReadAsync(string ns, V2CrossVersionObjectReference target, CancellationToken cancellationToken)
    {
        try
        {
            var root = target.ApiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{target.ApiVersion}" : $"api/{target.ApiVersion}";
            var path = $"{root}/namespaces/{ns}/{await PluralAsync(root, target, cancellationToken)}/{Uri.EscapeDataString(target.Name)}/scale";
            return new(path, await api.SendAsync(HttpMethod.Get, path, null, cancellationToken));
        }
        catch (ApiRefusalException exception)
        {
            throw new MetricUnavailableException(exception.Message, exception);
        }
    }

    /// <summary>Asks for so many pods; a target that changed since it was read refuses.</summary>
    /// <exception cref="ApiRefusalException">The target refuses.</exception>
    public Task WriteAsync(TargetScale scale, int replicas, CancellationToken cancellationToken)
    {
        var next = scale.Document.DeepClone();
        (next["spec"] ??= new JsonObject())["replicas"] = replicas;
        return api.SendAsync(HttpMethod.Put, $"{scale.Path}?fieldManager={ApiWrite.Controllers}", next, cancellationToken);
    }

    private async Task<string> PluralAsync(string root, V2CrossVersionObjectReference target, CancellationToken cancellationToken)
    {
        var list = await api.SendAsync(HttpMethod.Get, root, null, cancellationToken);
        return (list["resources"]?.AsArray() ?? [])
            .Where(resource => (string?)resource!["kind"] == target.Kind)
            .Select(resource => (string)resource!["name"]!)
            .FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal))
            ?? throw new MetricUnavailableException($"no matches for kind \"{target.Kind}\" in group \"{target.ApiVersion.Split('/')[0]}\"");
    }
}
