using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ControllerRevisionRules
{
    public static readonly KindRules Rules = new() { Validate = Validate };

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        errors.NotNegative("revision", next["revision"]);
        if (next["data"] is null)
        {
            errors.Required("data", "data is mandatory");
        }

        if (old is not null)
        {
            errors.Immutable("data", next["data"], old["data"]);
        }

        return errors;
    }
}
