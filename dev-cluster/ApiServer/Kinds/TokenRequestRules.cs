using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class TokenRequestRules
{
    private const long DefaultSeconds = 3600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;

    public static readonly KindRules Rules = new()
    {
        Default = request => request.Struct("spec").FillUnset("expirationSeconds", DefaultSeconds),
        Validate = (next, _) => Validate(next.Object("spec")),
    };

    private static Findings Validate(JsonObject? spec)
    {
        const string field = "spec.expirationSeconds";
        var errors = new Findings();
        if (spec.Number("expirationSeconds") < LeastSeconds)
        {
            errors.Invalid(field, spec!["expirationSeconds"], "may not specify a duration less than 10 minutes");
        }
        else if (spec.Number("expirationSeconds") > MostSeconds)
        {
            errors.Invalid(field, spec!["expirationSeconds"], "may not specify a duration larger than 2^32 seconds");
        }

        return errors;
    }
}
