using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class DaemonSetRules
{
    private const string Counter = "deprecated.daemonset.template.generation";

    public static readonly KindRules Rules = new() { Default = Default, PrepareForUpdate = PrepareForUpdate, Validate = Validate };

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
        set.Struct("metadata").Struct("annotations").Fill(Counter, "1");
    }

    /// <summary>The old counter of template changes is not the client's to set.</summary>
    private static void PrepareForUpdate(JsonObject next, JsonObject old)
    {
        _ = int.TryParse(old.Object("metadata").Object("annotations").Text(Counter), CultureInfo.InvariantCulture, out var count);
        var isChanged = !JsonNode.DeepEquals(next.Object("spec")?["template"], old.Object("spec")?["template"]);
        next.Struct("metadata").Struct("annotations")[Counter] = (count + (isChanged ? 1 : 0)).ToString(CultureInfo.InvariantCulture);
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        PodTemplates.Check(next.Object("spec") ?? [], "daemonset", errors);
        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }
}
