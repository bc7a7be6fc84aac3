using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class DeploymentRules
{
    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject deployment)
    {
        var spec = deployment.Struct("spec");
        spec.FillUnset("replicas", 1);
        PodSpecDefaults.Template(spec.Struct("template"));
        var strategy = spec.Struct("strategy");
        strategy.Fill("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Struct("rollingUpdate");
            rolling.FillUnset("maxUnavailable", "25%");
            rolling.FillUnset("maxSurge", "25%");
        }

        spec.FillUnset("revisionHistoryLimit", 10);
        spec.FillUnset("progressDeadlineSeconds", 600);
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        PodTemplates.Check(spec, "deployment", errors);
        CheckStrategy(spec.Object("strategy"), errors);
        errors.NotNegative("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"]);
        if (spec.Number("progressDeadlineSeconds") <= (spec.Number("minReadySeconds") ?? 0))
        {
            errors.Invalid("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"], "must be greater than minReadySeconds");
        }

        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }

    private static void CheckStrategy(JsonObject? strategy, Findings errors)
    {
        const string Field = "spec.strategy.rollingUpdate";
        errors.OneOf("spec.strategy", strategy.Text("type"), "Recreate", "RollingUpdate");
        if (strategy.Object("rollingUpdate") is not { } rolling)
        {
            return;
        }

        if (strategy.Text("type") == "Recreate")
        {
            errors.Forbidden(Field, "may not be specified when strategy `type` is 'Recreate'");
            return;
        }

        errors.IntOrPercent($"{Field}.maxUnavailable", rolling["maxUnavailable"]);
        errors.IntOrPercent($"{Field}.maxSurge", rolling["maxSurge"]);
        if (IsZero(rolling["maxUnavailable"]) && IsZero(rolling["maxSurge"]))
        {
            errors.Invalid($"{Field}.maxUnavailable", rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0");
        }
    }

    private static bool IsZero(JsonNode? value) => value.AsNumber() == 0 || value.AsText() is "0%";
}
