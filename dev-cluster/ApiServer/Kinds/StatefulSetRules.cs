using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class StatefulSetRules
{
    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject set)
    {
        var spec = set.Struct("spec");
        spec.FillUnset("replicas", 1);
        PodSpecDefaults.Template(spec.Struct("template"));
        spec.Fill("podManagementPolicy", "OrderedReady");
        var strategy = spec.Struct("updateStrategy");
        strategy.Fill("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Struct("rollingUpdate").FillUnset("partition", 0);
        }

        spec.FillUnset("revisionHistoryLimit", 10);
        var retention = spec.Struct("persistentVolumeClaimRetentionPolicy");
        retention.Fill("whenDeleted", "Retain");
        retention.Fill("whenScaled", "Retain");
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        PodTemplates.Check(spec, "statefulset", errors);
        errors.OneOf("spec.podManagementPolicy", spec.Text("podManagementPolicy"), "OrderedReady", "Parallel");
        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }
}
