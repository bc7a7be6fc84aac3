using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ContainerDefaults
{
    public static void Apply(JsonObject container, bool hostNetwork)
    {
        container.Fill("imagePullPolicy", PullPolicy(container.Text("image")));
        container.Fill("terminationMessagePath", "/dev/termination-log");
        container.Fill("terminationMessagePolicy", "File");
        foreach (var port in container.Objects("ports"))
        {
            port.Fill("protocol", "TCP");
            if (hostNetwork && port["containerPort"] is { } number)
            {
                port.Fill("hostPort", number.DeepClone());
            }
        }

        foreach (var variable in container.Objects("env"))
        {
            variable.Object("valueFrom").Object("fieldRef")?.Fill("apiVersion", "v1");
        }

        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Object(probe) is { } found)
            {
                Probe(found);
            }
        }

        HttpGet(container.Object("lifecycle").Object("postStart"));
        HttpGet(container.Object("lifecycle").Object("preStop"));
    }

    /// <summary>A tag that can move is pulled each time: "latest", which is also what no tag means.</summary>
    private static string PullPolicy(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return "IfNotPresent";
        }

        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.LastIndexOf(':');
        return colon < 0 || name[(colon + 1)..] == "latest" ? "Always" : "IfNotPresent";
    }

    private static void Probe(JsonObject probe)
    {
        HttpGet(probe);
        probe.Object("grpc")?.FillUnset("service", "");
        probe.Fill("timeoutSeconds", 1);
        probe.Fill("periodSeconds", 10);
        probe.Fill("successThreshold", 1);
        probe.Fill("failureThreshold", 3);
    }

    private static void HttpGet(JsonObject? handler)
    {
        if (handler.Object("httpGet") is { } request)
        {
            request.Fill("path", "/");
            request.Fill("scheme", "HTTP");
        }
    }
}
