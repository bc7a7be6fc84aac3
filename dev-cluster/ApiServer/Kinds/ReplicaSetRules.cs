using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ReplicaSetRules
{
    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject set)
    {
        var spec = set.Struct("spec");
        spec.FillUnset("replicas", 1);
        PodSpecDefaults.Template(spec.Struct("template"));
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        PodTemplates.Check(next.Object("spec") ?? [], "deployment", errors);
        PodTemplates.CheckSelectorUnchanged(next, old, errors);
        return errors;
    }
}
