using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class NetworkPolicyRules
{
    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject policy)
    {
        var spec = policy.Struct("spec");
        foreach (var port in spec.Objects("ingress").Concat(spec.Objects("egress")).SelectMany(rule => rule.Objects("ports")))
        {
            port.FillUnset("protocol", "TCP");
        }

        if (spec["policyTypes"] is not JsonArray { Count: > 0 })
        {
            spec["policyTypes"] = spec.Objects("egress").Any() ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var spec = next.Object("spec") ?? [];
        LabelSelectors.Check(spec.Object("podSelector"), "spec.podSelector", errors);
        CheckRules(spec, "ingress", "from", errors);
        CheckRules(spec, "egress", "to", errors);
        var types = spec["policyTypes"] as JsonArray ?? [];
        if (types.Count > 2)
        {
            errors.Invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
            return errors;
        }

        for (var i = 0; i < types.Count; i++)
        {
            errors.OneOf(Findings.At("spec.policyTypes", i), types[i].AsText() ?? "", "Ingress", "Egress");
        }

        return errors;
    }

    private static void CheckRules(JsonObject spec, string direction, string peers, Findings errors)
    {
        var rules = spec.Objects(direction).ToList();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = Findings.At($"spec.{direction}", i);
            var ports = rules[i].Objects("ports").ToList();
            for (var j = 0; j < ports.Count; j++)
            {
                var port = Findings.At($"{rule}.ports", j);
                errors.OneOf($"{port}.protocol", ports[j].Text("protocol"), "SCTP", "TCP", "UDP");
                errors.Port($"{port}.port", ports[j]["port"]);
            }

            var others = rules[i].Objects(peers).ToList();
            for (var j = 0; j < others.Count; j++)
            {
                CheckPeer(others[j], Findings.At($"{rule}.{peers}", j), errors);
            }
        }
    }

    private static void CheckPeer(JsonObject peer, string field, Findings errors)
    {
        var selects = peer["podSelector"] is not null || peer["namespaceSelector"] is not null;
        if (peer["ipBlock"] is null && !selects)
        {
            errors.Required(field, "must specify a peer");
        }
        else if (peer["ipBlock"] is not null && selects)
        {
            errors.Forbidden(field, "may not specify both ipBlock and another peer");
        }

        LabelSelectors.Check(peer.Object("podSelector"), $"{field}.podSelector", errors);
        LabelSelectors.Check(peer.Object("namespaceSelector"), $"{field}.namespaceSelector", errors);
    }
}
