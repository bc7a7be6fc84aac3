using System.Text.Json.Nodes;

namespace Slipway.Api.Validation;

/// <summary>Reads parts of a spec that are Kubernetes' own types and are handed on as they are.</summary>
public static class PassedThrough
{
    /// <summary>The value as Kubernetes' type; null, and why as <paramref name="error"/>, when it does not fit or has a field that the type lacks.</summary>
    /// <param name="path">Where the user wrote it.</param>
    public static T? Read<T>(JsonObject written, string path, out FieldError? error)
        where T : class
    {
        if (KubernetesValues.Read<T>(written, path, out error) is not { } value || KubernetesValues.Write(value, path, out error) is not { } kept)
        {
            return null;
        }

        if (Lost(written, kept, path) is not { } unknown)
        {
            return value;
        }

        error = new(unknown, "is not a field that Kubernetes knows here.");
        return null;
    }

    /// <summary>Path of the first field that the typed value did not keep, so that a misspelt name is told and not ignored; null when all were kept.</summary>
    private static string? Lost(JsonNode? written, JsonNode? kept, string path) => (written, kept) switch
    {
        (null, _) => null,
        (JsonObject { Count: 0 } or JsonArray { Count: 0 }, _) => null,
        (_, null) => path,
        (JsonObject map, JsonObject other) => map.Select(pair => Lost(pair.Value, other[pair.Key], $"{path}.{pair.Key}")).FirstOrDefault(found => found is not null),
        (JsonArray list, JsonArray other) => list.Zip(other).Select((pair, index) => Lost(pair.First, pair.Second, $"{path}[{index}]")).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
