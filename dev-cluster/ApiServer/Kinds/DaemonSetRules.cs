using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class DaemonSetRules
{
    public static readonly KindRules Rules = new() { Default = Default, PrepareForCreate = PrepareForCreate, Validate = Validate };

    private static void Default(JsonObject set)
    {
        var spec = set.Struct("spec");
        PodSpecDefaults.Template(spec.Struct("template"));
        var strategy = spec.Struct("updateStrategy");
        strategy.Fill("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Struct("rollingUpdate");
            rolling.FillUnset("maxUnavailable", 1);
            rolling.FillUnset("maxSurge", 0);
        }

        spec.FillUnset("revisionHistoryLimit", 10);
    }

    private static void PrepareForCreate(JsonObject set) =>
        set.Struct("metadata").Struct("annotations")["deprecated.daemonset.template.generation"] = "1";

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        PodTemplates.Check(next.Object("spec") ?? [], "daemonset", errors);
        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }
}
