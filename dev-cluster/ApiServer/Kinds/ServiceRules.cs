using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ServiceRules
{
    private const int AffinitySeconds = 3 * 60 * 60;

    public static readonly KindRules Rules = new() { Default = Default, PrepareForUpdate = PrepareForUpdate, Validate = Validate };

    private static void Default(JsonObject service)
    {
        var spec = service.Struct("spec");
        spec.Fill("sessionAffinity", "None");
        if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Struct("sessionAffinityConfig").Struct("clientIP").FillUnset("timeoutSeconds", AffinitySeconds);
        }

        spec.Fill("type", "ClusterIP");
        foreach (var port in spec.Objects("ports"))
        {
            port.Fill("protocol", "TCP");
            port.Fill("targetPort", port["port"]?.DeepClone() ?? 0);
        }

        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer")
        {
            spec.Fill("externalTrafficPolicy", "Cluster");
        }

        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.Fill("internalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.FillUnset("allocateLoadBalancerNodePorts", true);
        }
    }

    /// <summary>What the server allocated is kept when an update leaves it out.</summary>
    private static void PrepareForUpdate(JsonObject next, JsonObject old)
    {
        if (next.Object("spec") is not { } spec || old.Object("spec") is not { } before
            || spec.Text("type") == "ExternalName" || before.Text("type") == "ExternalName")
        {
            return;
        }

        var address = spec.Text("clusterIP");
        if (address.Length == 0)
        {
            Keep(spec, before, "clusterIP");
            Keep(spec, before, "clusterIPs");
        }
        else if (address != before.Text("clusterIP") && JsonNode.DeepEquals(spec["clusterIPs"], before["clusterIPs"]))
        {
            // A client that knows the single field only has changed that one.
            spec["clusterIPs"] = new JsonArray(address);
        }

        Keep(spec, before, "ipFamilies");
        Keep(spec, before, "ipFamilyPolicy");
        if (spec.Text("type") is not ("NodePort" or "LoadBalancer"))
        {
            return;
        }

        Keep(spec, before, "healthCheckNodePort");
        foreach (var port in spec.Objects("ports"))
        {
            if (before.Objects("ports").FirstOrDefault(known => JsonNode.DeepEquals(known["port"], port["port"])
                && known.Text("protocol") == port.Text("protocol")) is { } same)
            {
                Keep(port, same, "nodePort");
            }
        }
    }

    private static void Keep(JsonObject next, JsonObject old, string field)
    {
        if (old[field] is { } value)
        {
            next.Fill(field, value.DeepClone());
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next, ObjectNames.Label);
        var spec = next.Object("spec") ?? [];
        var type = spec.Text("type");
        var ports = spec.Objects("ports").ToList();
        var isHeadless = spec.Text("clusterIP") == "None";
        if (ports.Count == 0 && !isHeadless && type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        ServicePorts.Check(ports, "spec.ports", errors);
        ObjectMetaValidation.Labels(spec.Object("selector"), "spec.selector", errors);
        errors.OneOf("spec.sessionAffinity", spec.Text("sessionAffinity"), "ClientIP", "None");
        errors.OneOf("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        errors.OneOf("spec.internalTrafficPolicy", spec.Text("internalTrafficPolicy"), "Cluster", "Local");
        errors.OneOf("spec.externalTrafficPolicy", spec.Text("externalTrafficPolicy"), "Cluster", "Local");
        if (type == "ExternalName" && spec.Text("externalName").Length == 0)
        {
            errors.Required("spec.externalName");
        }

        if (old.Object("spec") is { } before && type != "ExternalName" && before.Text("clusterIP") is { Length: > 0 } address
            && before.Text("type") != "ExternalName" && spec.Text("clusterIP") != address)
        {
            errors.Invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set");
        }

        return errors;
    }
}
