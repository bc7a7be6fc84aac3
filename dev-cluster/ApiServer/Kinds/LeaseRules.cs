using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class LeaseRules
{
    public static readonly KindRules Rules = new() { Validate = Validate };

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec");
        if (spec.Number("leaseDurationSeconds") <= 0)
        {
            errors.Invalid("spec.leaseDurationSeconds", spec!["leaseDurationSeconds"], "must be greater than 0");
        }

        errors.NotNegative("spec.leaseTransitions", spec?["leaseTransitions"]);
        return errors;
    }
}
