using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ContainerValidation
{
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    /// <param name="volumes">Names of the pod's volumes, which mounts must refer to.</param>
    public static void Check(JsonObject container, string path, HashSet<string> volumes, Findings errors)
    {
        if (container.Text("image").Length == 0)
        {
            errors.Required($"{path}.image");
        }

        errors.OneOf($"{path}.terminationMessagePolicy", container.Text("terminationMessagePolicy"), "FallbackToLogsOnError", "File");
        CheckPorts(container, $"{path}.ports", errors);
        CheckEnvironment(container, $"{path}.env", errors);
        CheckMounts(container, $"{path}.volumeMounts", volumes, errors);
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Object(probe) is { } found)
            {
                CheckProbe(found, $"{path}.{probe}", probe != "readinessProbe", errors);
            }
        }

        foreach (var hook in (string[])["postStart", "preStop"])
        {
            CheckHandler(container.Object("lifecycle").Object(hook), $"{path}.lifecycle.{hook}", errors);
        }

        errors.OneOf($"{path}.imagePullPolicy", container.Text("imagePullPolicy"), "Always", "IfNotPresent", "Never");
        CheckResources(container.Object("resources"), $"{path}.resources", errors);
    }

    private static void CheckPorts(JsonObject container, string field, Findings errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ports = container.Objects("ports").ToList();
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, path) = (ports[i], Findings.At(field, i));
            if (port.Text("name") is { Length: > 0 } name && !names.Add(name))
            {
                errors.Duplicate($"{path}.name", name);
            }

            if (port.Number("containerPort") is null or 0)
            {
                errors.Required($"{path}.containerPort");
            }
            else
            {
                errors.Port($"{path}.containerPort", port["containerPort"]);
            }

            errors.Port($"{path}.hostPort", port["hostPort"]);
            errors.OneOf($"{path}.protocol", port.Text("protocol"), "SCTP", "TCP", "UDP");
        }
    }

    private static void CheckEnvironment(JsonObject container, string field, Findings errors)
    {
        var variables = container.Objects("env").ToList();
        for (var i = 0; i < variables.Count; i++)
        {
            var path = Findings.At(field, i);
            if (variables[i].Text("name").Length == 0)
            {
                errors.Required($"{path}.name");
            }

            if (variables[i]["valueFrom"] is not null && variables[i].Text("value").Length > 0)
            {
                errors.InvalidText($"{path}.valueFrom", "", "may not be specified when `value` is not empty");
            }
        }
    }

    private static void CheckMounts(JsonObject container, string field, HashSet<string> volumes, Findings errors)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var mounts = container.Objects("volumeMounts").ToList();
        for (var i = 0; i < mounts.Count; i++)
        {
            var (mount, path) = (mounts[i], Findings.At(field, i));
            var (name, target) = (mount.Text("name"), mount.Text("mountPath"));
            if (name.Length == 0)
            {
                errors.Required($"{path}.name");
            }
            else if (!volumes.Contains(name))
            {
                errors.NotFound($"{path}.name", name);
            }

            if (target.Length == 0)
            {
                errors.Required($"{path}.mountPath");
            }
            else if (!paths.Add(target))
            {
                errors.InvalidText($"{path}.mountPath", target, "must be unique");
            }
        }
    }

    private static void CheckProbe(JsonObject probe, string path, bool endsContainer, Findings errors)
    {
        CheckHandler(probe, path, errors);
        foreach (var field in (string[])["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
        {
            errors.NotNegative($"{path}.{field}", probe[field]);
        }

        if (endsContainer && probe.Number("successThreshold") is { } threshold && threshold != 1)
        {
            errors.Invalid($"{path}.successThreshold", probe["successThreshold"], "must be 1");
        }
    }

    private static void CheckHandler(JsonObject? handler, string path, Findings errors)
    {
        if (handler is null)
        {
            return;
        }

        var given = Handlers.Where(handler.ContainsKey).ToList();
        if (given.Count == 0)
        {
            errors.Required(path, "must specify a handler type");
        }

        foreach (var extra in given.Skip(1))
        {
            errors.Forbidden($"{path}.{extra}", "may not specify more than 1 handler type");
        }

        foreach (var kind in (string[])["httpGet", "tcpSocket", "grpc"])
        {
            errors.Port($"{path}.{kind}.port", handler.Object(kind)?["port"]);
        }
    }

    private static void CheckResources(JsonObject? resources, string path, Findings errors)
    {
        foreach (var kind in (string[])["limits", "requests"])
        {
            foreach (var (name, value) in resources.Object(kind) ?? [])
            {
                if (Quantity.TryParse(value.AsText() ?? "", out var amount) && amount.Nanos.Sign < 0)
                {
                    errors.InvalidText($"{path}.{kind}[{name}]", amount.ToString(), "must be greater than or equal to 0");
                }
            }
        }

        foreach (var (name, value) in resources.Object("requests") ?? [])
        {
            if (Quantity.TryParse(value.AsText() ?? "", out var request)
                && Quantity.TryParse(resources.Object("limits").Text(name), out var limit) && request > limit)
            {
                errors.InvalidText($"{path}.requests", request.ToString(), $"must be less than or equal to {name} limit of {limit}");
            }
        }
    }
}
