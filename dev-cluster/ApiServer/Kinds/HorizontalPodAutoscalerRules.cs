using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>Rules of <c>autoscaling/v2</c>, the version in which autoscalers are kept.</summary>
internal static class HorizontalPodAutoscalerRules
{
    private const int StandardUtilization = 80;

    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject autoscaler)
    {
        var spec = autoscaler.Struct("spec");
        spec.FillUnset("minReplicas", 1);
        spec.Fill("metrics", new JsonArray(new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject
            {
                ["name"] = "cpu",
                ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = StandardUtilization },
            },
        }));

        // Nobody asked for behavior, so none is shown; asked for in part, it is shown whole.
        if (spec.Object("behavior") is { } behavior)
        {
            DefaultScaling(behavior.Struct("scaleUp"), isUp: true);
            DefaultScaling(behavior.Struct("scaleDown"), isUp: false);
        }
    }

    private static void DefaultScaling(JsonObject rules, bool isUp)
    {
        if (isUp)
        {
            rules.FillUnset("stabilizationWindowSeconds", 0);
        }

        rules.FillUnset("selectPolicy", "Max");
        rules.Fill("policies", isUp ? new JsonArray(Policy("Pods", 4), Policy("Percent", 100)) : new JsonArray(Policy("Percent", 100)));
    }

    private static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        var (least, most) = (spec.Number("minReplicas"), spec.Number("maxReplicas") ?? 0);
        if (least < 1)
        {
            errors.Invalid("spec.minReplicas", spec["minReplicas"], "must be greater than or equal to 1");
        }

        if (most < 1)
        {
            errors.Invalid("spec.maxReplicas", spec["maxReplicas"] ?? 0, "must be greater than 0");
        }

        if (most < least)
        {
            errors.Invalid("spec.maxReplicas", spec["maxReplicas"] ?? 0, "must be greater than or equal to `minReplicas`");
        }

        if (spec.Object("scaleTargetRef").Text("apiVersion").Length == 0)
        {
            errors.Invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group");
        }

        foreach (var field in (string[])["kind", "name"])
        {
            if (spec.Object("scaleTargetRef").Text(field).Length == 0)
            {
                errors.Required($"spec.scaleTargetRef.{field}");
            }
        }

        if (least == 0 && !spec.Objects("metrics").Any(metric => metric.Text("type") is "Object" or "External"))
        {
            errors.Forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas");
        }

        return errors;
    }
}
