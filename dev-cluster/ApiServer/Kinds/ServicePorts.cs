using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ServicePorts
{
    public static void Check(List<JsonObject> ports, string field, Findings errors)
    {
        var (names, numbers) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, path) = (ports[i], Findings.At(field, i));
            CheckName(port.Text("name"), $"{path}.name", ports.Count > 1, names, errors);
            errors.Port($"{path}.port", port["port"]);
            errors.OneOf($"{path}.protocol", port.Text("protocol"), "SCTP", "TCP", "UDP");
            errors.Port($"{path}.targetPort", port["targetPort"]);
            if (!numbers.Add($"{port["port"]}/{port.Text("protocol")}"))
            {
                var printed = new JsonObject { ["port"] = port["port"]?.DeepClone(), ["protocol"] = port.Text("protocol") };
                errors.DuplicateOf(path, printed);
            }
        }
    }

    private static void CheckName(string name, string field, bool isRequired, HashSet<string> names, Findings errors)
    {
        if (name.Length == 0)
        {
            if (isRequired)
            {
                errors.Required(field);
            }
        }
        else if (ObjectNames.Label(name).ToList() is { Count: > 0 } problems)
        {
            problems.ForEach(problem => errors.InvalidText(field, name, problem));
        }
        else if (!names.Add(name))
        {
            errors.Duplicate(field, name);
        }
    }
}
