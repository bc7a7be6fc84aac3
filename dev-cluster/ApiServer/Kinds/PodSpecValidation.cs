using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>The rules for a pod's spec, alone or as a template.</summary>
internal static class PodSpecValidation
{
    public static void Check(JsonObject spec, string field, Findings errors)
    {
        var volumes = CheckVolumes(spec, field, errors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var containers = spec.Objects("containers").ToList();
        if (containers.Count == 0)
        {
            errors.Required($"{field}.containers");
        }

        CheckContainers(containers, $"{field}.containers", names, volumes, errors);
        CheckContainers(spec.Objects("initContainers").ToList(), $"{field}.initContainers", names, volumes, errors);
        errors.OneOf($"{field}.restartPolicy", spec.Text("restartPolicy"), "Always", "Never", "OnFailure");
        errors.OneOf($"{field}.dnsPolicy", spec.Text("dnsPolicy"), "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
        errors.NotNegative($"{field}.terminationGracePeriodSeconds", spec["terminationGracePeriodSeconds"]);
        if (spec.Number("activeDeadlineSeconds") < 1)
        {
            errors.Invalid($"{field}.activeDeadlineSeconds", spec["activeDeadlineSeconds"], "must be between 1 and 2147483647, inclusive");
        }

        foreach (var problem in spec.Text("serviceAccountName") is { Length: > 0 } account ? ObjectNames.Subdomain(account) : [])
        {
            errors.InvalidText($"{field}.serviceAccountName", spec.Text("serviceAccountName"), problem);
        }

        ObjectMetaValidation.Labels(spec.Object("nodeSelector"), $"{field}.nodeSelector", errors);
        CheckTolerations(spec, field, errors);
    }

    private static void CheckContainers(
        List<JsonObject> containers, string field, HashSet<string> names, HashSet<string> volumes, Findings errors)
    {
        for (var i = 0; i < containers.Count; i++)
        {
            var (container, path) = (containers[i], Findings.At(field, i));
            CheckName(container, path, names, errors);
            ContainerValidation.Check(container, path, volumes, errors);
        }
    }

    /// <summary>Takes the name of a container or volume into those that are given, or says why it cannot be one.</summary>
    private static void CheckName(JsonObject named, string path, HashSet<string> names, Findings errors)
    {
        var name = named.Text("name");
        if (name.Length == 0)
        {
            errors.Required($"{path}.name");
        }
        else if (ObjectNames.Label(name).ToList() is { Count: > 0 } problems)
        {
            problems.ForEach(problem => errors.InvalidText($"{path}.name", name, problem));
        }
        else if (!names.Add(name))
        {
            errors.Duplicate($"{path}.name", name);
        }
    }

    private static HashSet<string> CheckVolumes(JsonObject spec, string field, Findings errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var volumes = spec.Objects("volumes").ToList();
        for (var i = 0; i < volumes.Count; i++)
        {
            var path = Findings.At($"{field}.volumes", i);
            CheckName(volumes[i], path, names, errors);
            var sources = volumes[i].Select(source => source.Key).Where(key => key != "name").ToList();
            foreach (var extra in sources.Skip(1))
            {
                errors.Forbidden($"{path}.{extra}", "may not specify more than 1 volume type");
            }
        }

        return names;
    }

    private static void CheckTolerations(JsonObject spec, string field, Findings errors)
    {
        var tolerations = spec.Objects("tolerations").ToList();
        for (var i = 0; i < tolerations.Count; i++)
        {
            var (toleration, path) = (tolerations[i], Findings.At($"{field}.tolerations", i));
            if (toleration.Text("key").Length == 0 && toleration.Text("operator") != "Exists")
            {
                errors.InvalidText($"{path}.operator", toleration.Text("operator"),
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (toleration["tolerationSeconds"] is not null && toleration.Text("effect") != "NoExecute")
            {
                errors.InvalidText($"{path}.effect", toleration.Text("effect"), "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }

            errors.OneOf($"{path}.operator", toleration.Text("operator"), "Equal", "Exists");
            errors.OneOf($"{path}.effect", toleration.Text("effect"), "NoSchedule", "PreferNoSchedule", "NoExecute");
        }
    }
}
