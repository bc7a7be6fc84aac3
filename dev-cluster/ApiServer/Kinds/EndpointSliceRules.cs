using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class EndpointSliceRules
{
    private const int MaxEndpoints = 1000;

    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject slice)
    {
        foreach (var port in slice.Objects("ports"))
        {
            port.FillUnset("name", "");
            port.FillUnset("protocol", "TCP");
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var type = next.Text("addressType");
        if (type.Length == 0)
        {
            errors.Required("addressType");
        }

        errors.OneOf("addressType", type, "FQDN", "IPv4", "IPv6");
        var endpoints = next.Objects("endpoints").ToList();
        for (var i = 0; i < endpoints.Count; i++)
        {
            if (endpoints[i]["addresses"] is not JsonArray { Count: > 0 })
            {
                errors.Required($"{Findings.At("endpoints", i)}.addresses", "must contain at least 1 address");
            }
        }

        if (endpoints.Count > MaxEndpoints)
        {
            errors.TooMany("endpoints", endpoints.Count, MaxEndpoints);
        }

        if (old is not null)
        {
            errors.Immutable("addressType", next["addressType"], old["addressType"]);
        }

        return errors;
    }
}
