using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Selectors;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>An object seen as a Scale of autoscaling/v1.</summary>
internal static class ScaleView
{
    private static readonly string[] Identity = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];

    public static JsonObject Of(ResourceDefinition definition, JsonObject value)
    {
        var paths = Paths(definition);
        var metadata = new JsonObject();
        foreach (var field in Identity)
        {
            if (value["metadata"]?[field] is { } text)
            {
                metadata[field] = text.DeepClone();
            }
        }

        var spec = new JsonObject();
        if (At(value, paths.SpecReplicas) is { } wanted && wanted.AsNumber() is not 0)
        {
            spec["replicas"] = wanted.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = At(value, paths.StatusReplicas)?.DeepClone() ?? 0 };
        if (paths.LabelSelector is { } path && Selector(At(value, path)) is { Length: > 0 } selector)
        {
            status["selector"] = selector;
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = status,
        };
    }

    /// <summary>Names of the fields that lead to the wanted number.</summary>
    public static IReadOnlyList<string> ReplicasPath(ResourceDefinition definition) => Steps(Paths(definition).SpecReplicas);

    /// <summary>Writes the wanted number into an object.</summary>
    public static void SetReplicas(ResourceDefinition definition, JsonObject value, long replicas)
    {
        var steps = Steps(Paths(definition).SpecReplicas);
        var parent = value;
        foreach (var step in steps[..^1])
        {
            if (parent[step] is not JsonObject below)
            {
                below = [];
                parent[step] = below;
            }

            parent = below;
        }

        parent[steps[^1]] = replicas;
    }

    /// <summary>The object of the kind that wants what an applied Scale wants, and nothing else.</summary>
    public static JsonObject Desire(ResourceDefinition definition, ObjectRequest request, JsonObject scale)
    {
        var desired = definition.NewObject();
        desired["metadata"] = new JsonObject { ["name"] = request.Name, ["namespace"] = request.Namespace };
        if (scale["spec"]?["replicas"] is { } replicas)
        {
            SetReplicas(definition, desired, (long)replicas);
        }

        return desired;
    }

    private static ScalePaths Paths(ResourceDefinition definition) =>
        definition.Scale ?? throw new InvalidOperationException($"{definition.QualifiedName} has no scale");

    private static string Selector(JsonNode? selector) => selector switch
    {
        JsonObject labels => LabelSelector.FromObject(labels).ToString(),
        JsonValue text => (string?)text ?? "",
        _ => "",
    };

    private static JsonNode? At(JsonObject value, string path) =>
        Steps(path).Aggregate((JsonNode?)value, (node, step) => (node as JsonObject)?[step]);

    private static string[] Steps(string path) => path.TrimStart('.').Split('.');
}
