using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class PodDisruptionBudgetRules
{
    public static readonly KindRules Rules = new() { Validate = Validate };

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            var printed = new JsonObject
            {
                ["MinAvailable"] = spec["minAvailable"]!.DeepClone(),
                ["Selector"] = spec["selector"]?.DeepClone(),
                ["MaxUnavailable"] = spec["maxUnavailable"]!.DeepClone(),
                ["UnhealthyPodEvictionPolicy"] = spec["unhealthyPodEvictionPolicy"]?.DeepClone(),
            };
            errors.InvalidPrinted("spec", printed.ToJsonString(), "minAvailable and maxUnavailable cannot be both set");
        }

        errors.IntOrPercent("spec.minAvailable", spec["minAvailable"]);
        errors.IntOrPercent("spec.maxUnavailable", spec["maxUnavailable"]);
        errors.OneOf("spec.unhealthyPodEvictionPolicy", spec.Text("unhealthyPodEvictionPolicy"), "AlwaysAllow", "IfHealthyBudget");
        LabelSelectors.Check(spec.Object("selector"), "spec.selector", errors);
        return errors;
    }
}
