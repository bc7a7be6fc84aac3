using System.Text.Json.Nodes;
using k8s;
using Slipway.Api;
using Slipway.Runtime;

namespace Slipway.Operator.Desire;

/// <summary>
/// Names one distinct user input: everything in the spec whose change needs new pods. It is taken from what the user wrote, never from what
/// was rendered, so that a new operator with other defaults does not make a new revision.
/// </summary>
internal static class Revision
{
    private const string PodTemplate = "podTemplate";

    private static readonly JsonObject Defaults = Json(new()
    {
        Model = new() { Uri = "", Version = "" },
        Server = new() { Resources = new() },
        Rollout = new(),
    });

    /// <summary>
    /// Ten characters that are safe in names and labels. Equal for an equal input, whatever the order of its keys, and whether a default
    /// is written down or left out: a field that a later release adds with a default then changes no name.
    /// </summary>
    public static string Of(ModelDeploymentSpec spec)
    {
        var input = Input(spec);
        if (!input.ContainsKey(PodTemplate))
        {
            // Names of revisions are for ever, and were first given so.
            input[PodTemplate] = null;
        }

        return CanonicalHash.Of(input)[..10];
    }

    /// <summary>The part of the spec that a revision is named after, without what is a default.</summary>
    public static JsonObject Input(ModelDeploymentSpec spec)
    {
        var input = Json(spec with { Server = spec.Server is { } server ? WithoutLive(server) : null, Monitoring = null });
        input.Remove("replicas");
        RemoveAllBut(input, "rollout", "progressDeadline");
        input.Remove("autoscaling");
        input.Remove("networkPolicy");
        var podTemplate = input[PodTemplate];
        input.Remove(PodTemplate);
        RemoveDefaults(input, Defaults);
        if (podTemplate is not null)
        {
            // A null in here removes a field, so that it is no default.
            input[PodTemplate] = podTemplate;
        }

        return input;
    }

    /// <summary>What is in <see cref="LiveConfigBuilder"/>'s ConfigMap reaches pods that run.</summary>
    private static ServerSpec WithoutLive(ServerSpec server)
    {
        var defaults = new ServerSpec();
        return server with { MaxConcurrency = defaults.MaxConcurrency, RequestLog = defaults.RequestLog, Batching = server.Batching with { MaxDelay = defaults.Batching.MaxDelay } };
    }

    private static JsonObject Json(ModelDeploymentSpec spec) => JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject();

    /// <summary>Of a block that is about how pods follow each other, but for the field that the pod itself is made from.</summary>
    private static void RemoveAllBut(JsonObject input, string block, string field)
    {
        if (input[block] is JsonObject map)
        {
            foreach (var (name, _) in map.Where(entry => entry.Key != field).ToList())
            {
                map.Remove(name);
            }
        }
    }

    private static void RemoveDefaults(JsonObject value, JsonObject? defaults)
    {
        foreach (var (name, child) in value.ToList())
        {
            if (child is JsonObject map)
            {
                RemoveDefaults(map, defaults?[name] as JsonObject);
            }

            if (child is null or JsonObject { Count: 0 } || JsonNode.DeepEquals(child, defaults?[name]))
            {
                value.Remove(name);
            }
        }
    }
}
