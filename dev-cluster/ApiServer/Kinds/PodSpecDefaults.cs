using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>Kubernetes' defaults for a pod's spec, alone or as a template.</summary>
internal static class PodSpecDefaults
{
    private const int FileMode = 0b110_100_100;
    private const int TokenSeconds = 3600;

    public static void Template(JsonObject template)
    {
        template.Struct("metadata");
        Spec(template.Struct("spec"));
    }

    public static void Spec(JsonObject spec)
    {
        spec.Fill("restartPolicy", "Always");
        spec.FillUnset("terminationGracePeriodSeconds", 30);
        spec.Fill("dnsPolicy", "ClusterFirst");
        spec.FillUnset("securityContext", new JsonObject());
        spec.Fill("schedulerName", "default-scheduler");
        MirrorServiceAccount(spec);
        foreach (var volume in spec.Objects("volumes"))
        {
            Volume(volume);
        }

        foreach (var container in Containers(spec))
        {
            ContainerDefaults.Apply(container, spec.IsTrue("hostNetwork"));
        }
    }

    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Objects("initContainers").Concat(spec.Objects("containers")).Concat(spec.Objects("ephemeralContainers"));

    /// <summary>The field has an old and a new name; both are always shown.</summary>
    private static void MirrorServiceAccount(JsonObject spec)
    {
        var name = spec.Text("serviceAccountName") is { Length: > 0 } current ? current : spec.Text("serviceAccount");
        if (name.Length > 0)
        {
            spec["serviceAccountName"] = name;
            spec["serviceAccount"] = name;
        }
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.Count == 1 && volume.ContainsKey("name"))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in (string[])["secret", "configMap", "downwardAPI", "projected"])
        {
            volume.Object(source)?.FillUnset("defaultMode", FileMode);
        }

        FieldReferences(volume.Object("downwardAPI"));
        foreach (var source in volume.Object("projected").Objects("sources"))
        {
            FieldReferences(source.Object("downwardAPI"));
            source.Object("serviceAccountToken")?.FillUnset("expirationSeconds", TokenSeconds);
        }

        volume.Object("hostPath")?.FillUnset("type", "");
        if (volume.Object("ephemeral").Object("volumeClaimTemplate").Object("spec") is { } claim)
        {
            claim.FillUnset("volumeMode", "Filesystem");
        }
    }

    private static void FieldReferences(JsonObject? source)
    {
        foreach (var item in source.Objects("items"))
        {
            item.Object("fieldRef")?.Fill("apiVersion", "v1");
        }
    }
}
