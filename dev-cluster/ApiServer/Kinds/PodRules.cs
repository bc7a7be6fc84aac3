using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class PodRules
{
    private const string FixedSpec =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
        + "previously negative)";

    public static readonly KindRules Rules = new() { Default = Default, PrepareForCreate = PrepareForCreate, Validate = Validate };

    private static void Default(JsonObject pod)
    {
        var spec = pod.Struct("spec");
        PodSpecDefaults.Spec(spec);
        spec.FillUnset("enableServiceLinks", true);

        // A limit without a request asks for as much as it allows.
        foreach (var container in PodSpecDefaults.Containers(spec))
        {
            if (container.Object("resources") is { } resources && resources.Object("limits") is { Count: > 0 } limits)
            {
                var requests = resources.Struct("requests");
                foreach (var (name, limit) in limits)
                {
                    requests.FillUnset(name, limit!.DeepClone());
                }
            }
        }
    }

    private static void PrepareForCreate(JsonObject pod) =>
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService(pod.Struct("spec")) };

    private static string QualityOfService(JsonObject spec)
    {
        var containers = spec.Objects("initContainers").Concat(spec.Objects("containers")).ToList();
        if (containers.All(container => Amounts(container, "requests").Count == 0 && Amounts(container, "limits").Count == 0))
        {
            return "BestEffort";
        }

        return containers.All(container =>
        {
            var (requests, limits) = (Amounts(container, "requests"), Amounts(container, "limits"));
            return limits.Count == 2 && limits.All(limit => requests.TryGetValue(limit.Key, out var request) && request.Nanos == limit.Value.Nanos);
        })
            ? "Guaranteed"
            : "Burstable";
    }

    private static Dictionary<string, Quantity> Amounts(JsonObject container, string kind)
    {
        var amounts = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var name in (string[])["cpu", "memory"])
        {
            if (Quantity.TryParse(container.Object("resources").Object(kind).Text(name), out var amount) && amount.Nanos.Sign > 0)
            {
                amounts[name] = amount;
            }
        }

        return amounts;
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        PodSpecValidation.Check(spec, "spec", errors);
        if (old.Object("spec") is { } before && !JsonNode.DeepEquals(Comparable(spec), Comparable(before)))
        {
            errors.Forbidden("spec", FixedSpec);
        }
        else if (old is not null && !KeepsTolerations(spec, old.Object("spec")!))
        {
            errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }

        return errors;
    }

    /// <summary>The spec without what may change.</summary>
    private static JsonObject Comparable(JsonObject spec)
    {
        var copy = (JsonObject)spec.DeepClone();
        copy.Remove("activeDeadlineSeconds");
        copy.Remove("tolerations");
        foreach (var container in PodSpecDefaults.Containers(copy))
        {
            container.Remove("image");
        }

        if (copy.Number("terminationGracePeriodSeconds") is (< 0) or 1)
        {
            copy.Remove("terminationGracePeriodSeconds");
        }

        return copy;
    }

    private static bool KeepsTolerations(JsonObject spec, JsonObject before)
    {
        var kept = spec.Objects("tolerations").Select(WithoutSeconds).ToList();
        return before.Objects("tolerations").Select(WithoutSeconds).All(old => kept.Exists(now => JsonNode.DeepEquals(now, old)));
    }

    private static JsonObject WithoutSeconds(JsonObject toleration)
    {
        var copy = (JsonObject)toleration.DeepClone();
        copy.Remove("tolerationSeconds");
        return copy;
    }
}
