using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// Brings an answer into the form in which two servers' answers can be compared: volatile values become placeholders, sets get one order.
/// uids and resourceVersions stay: <see cref="Identities"/> compares them by where they are equal.
/// </summary>
/// <param name="controllers">True when controllers ran: names and addresses that they made up are masked too.</param>
/// <param name="given">The text of the request: values that the client itself gave are not volatile.</param>
internal sealed class Normalizer(bool controllers, string given)
{
    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "lastTransitionTime", "lastUpdateTime", "lastProbeTime",
        "startTime", "startedAt", "completionTime", "expirationTimestamp", "lastScaleTime", "lastHeartbeatTime",
        "endpoints.kubernetes.io/last-change-trigger-time",
    };

    private static readonly HashSet<string> Addresses = new(StringComparer.Ordinal) { "clusterIP", "clusterIPs" };
    private static readonly HashSet<string> Ports = new(StringComparer.Ordinal) { "nodePort", "healthCheckNodePort" };
    private static readonly HashSet<string> OwnerUids = new(StringComparer.Ordinal) { "controller-uid", "batch.kubernetes.io/controller-uid" };

    private static readonly HashSet<string> Build = new(StringComparer.Ordinal)
    {
        "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform",
    };

    public JsonNode? Normalize(JsonNode? node) => Normalize("", node);

    private JsonNode? Normalize(string key, JsonNode? node) => node switch
    {
        JsonObject obj => Object(obj),
        JsonArray list => List(key, list),
        JsonValue value => Scalar(key, value),
        _ => null,
    };

    private JsonObject Object(JsonObject source)
    {
        JsonObject result = [];
        foreach ((string key, JsonNode? child) in TokenText.Read(source) ?? source)
        {
            result[VolatileText.Mask(key, controllers)] = Normalize(key, child);
        }

        MaskGeneratedName(result);
        MaskSlicePasses(result);
        MaskRootCertificate(result);
        MaskEvictionTimes(result);
        StatusNormalizer.Normalize(result);
        return result;
    }

    private JsonArray List(string key, JsonArray source)
    {
        IEnumerable<JsonNode?> items = source.Select(item => key == "cells" ? Cell(item) : Normalize(key, item));
        return key switch
        {
            "managedFields" => Sorted(items, "manager", "operation", "subresource", "apiVersion"),
            "conditions" => Sorted(items, "type"),
            "causes" => Sorted(items, "field", "reason", "message"),
            "items" or "endpoints" or "addresses" when controllers => SortedByContent(items),
            _ => [.. items],
        };
    }

    private JsonNode? Scalar(string key, JsonValue value)
    {
        if (!value.TryGetValue(out string? text))
        {
            return Ports.Contains(key) && !given.Contains(value.ToJsonString(), StringComparison.Ordinal) ? "<port>" : value.DeepClone();
        }

        bool isGiven = given.Contains(text, StringComparison.Ordinal) && given.Length > 0;
        return key switch
        {
            "uid" or "resourceVersion" => text,
            "continue" or "storageVersionHash" => text.Length > 0 ? $"<{key}>" : text,
            "creationTimestamp" or "deletionTimestamp" or "time" when VolatileText.IsTime(text) => "<time>",
            _ when Times.Contains(key) && VolatileText.IsTime(text) && !isGiven => "<time>",
            _ when Addresses.Contains(key) && VolatileText.IsAddress(text) && !isGiven => "<address>",
            _ when controllers && key is "pod-template-hash" or "controller-revision-hash" && VolatileText.IsTemplateHash(text) => "<hash>",
            "serverAddress" => "<address>",
            _ when OwnerUids.Contains(key) => "<uid>",
            _ when Build.Contains(key) => "<build>",
            "token" when TokenText.Read(text) is { } token => Object(token),
            _ => VolatileText.Mask(text, controllers),
        };
    }

    private JsonNode? Cell(JsonNode? cell)
    {
        JsonNode? normal = Normalize("cell", cell);
        return normal is JsonValue value && value.TryGetValue(out string? text) && VolatileText.IsAge(text) ? "<age>" : normal;
    }

    private static void MaskGeneratedName(JsonObject metadata)
    {
        if (metadata["generateName"]?.GetValue<string>() is { } prefix
            && metadata["name"]?.GetValue<string>() is { } name
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && VolatileText.IsGeneratedSuffix(name[prefix.Length..]))
        {
            metadata["name"] = prefix + "<5>";
        }
    }

    /// <summary>How many writes a slice took to its last state depends on how many pods changed between two looks.</summary>
    private void MaskSlicePasses(JsonObject obj)
    {
        if (controllers && obj.ContainsKey("addressType") && obj["metadata"]?["generation"] is JsonValue generation && generation.ToJsonString() != "1")
        {
            obj["metadata"]!["generation"] = "<generation>";
        }
    }

    private static void MaskRootCertificate(JsonObject obj)
    {
        if (obj["data"] is JsonObject data && obj["metadata"]?["name"]?.ToString() == "kube-root-ca.crt" && data.ContainsKey("ca.crt"))
        {
            data["ca.crt"] = "<certificate>";
        }
    }

    private static void MaskEvictionTimes(JsonObject obj)
    {
        if (obj["disruptedPods"] is JsonObject pods)
        {
            obj["disruptedPods"] = new JsonObject(pods.Select(pod => KeyValuePair.Create(pod.Key, (JsonNode?)"<time>")));
        }
    }

    private static JsonArray Sorted(IEnumerable<JsonNode?> items, params string[] keys) =>
        [.. items.OrderBy(item => item is JsonObject obj ? string.Join('\n', keys.Select(key => obj[key]?.ToJsonString())) : "", StringComparer.Ordinal)];

    private static JsonArray SortedByContent(IEnumerable<JsonNode?> items) =>
        [.. items.OrderBy(item => WithoutIdentity(item)?.ToJsonString(), StringComparer.Ordinal)];

    private static JsonNode? WithoutIdentity(JsonNode? item)
    {
        if (item is not JsonObject obj)
        {
            return item;
        }

        JsonObject bare = [];
        foreach ((string key, JsonNode? child) in obj.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (key is not ("uid" or "resourceVersion"))
            {
                bare[key] = child is JsonArray list ? new JsonArray([.. list.Select(WithoutIdentity).Select(x => x?.DeepClone())]) : WithoutIdentity(child)?.DeepClone();
            }
        }

        return bare;
    }
}
