using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>Compares and names pod templates.</summary>
internal static class PodTemplates
{
    public const string HashLabel = "pod-template-hash";
    private const string SafeCharacters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Equal apart from the label that says which is which.</summary>
    public static bool Same(V1PodTemplateSpec left, V1PodTemplateSpec right) => JsonNode.DeepEquals(Plain(left), Plain(right));

    /// <summary>Stable for an equal template; collisions are told apart by their count.</summary>
    public static string Hash(V1PodTemplateSpec template, int? collisions)
    {
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(Sorted(Plain(template)) + collisions?.ToString(CultureInfo.InvariantCulture)))
        {
            hash = (hash ^ value) * 16777619u;
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => SafeCharacters[digit % SafeCharacters.Length]));
    }

    /// <summary>A copy with one more label.</summary>
    public static V1PodTemplateSpec WithHash(V1PodTemplateSpec template, string hash)
    {
        var copy = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(template));
        copy.Metadata ??= new();
        copy.Metadata.Labels = new Dictionary<string, string>(copy.Metadata.Labels ?? new Dictionary<string, string>()) { [HashLabel] = hash };
        return copy;
    }

    private static JsonObject Plain(V1PodTemplateSpec template)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(template))!.AsObject();
        json["metadata"]?["labels"]?.AsObject().Remove(HashLabel);
        return json;
    }

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => $"{{{string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Sorted(pair.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Sorted))}]",
        _ => node?.ToJsonString() ?? "null",
    };
}
