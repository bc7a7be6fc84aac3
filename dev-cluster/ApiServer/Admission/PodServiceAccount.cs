using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>Gives every new pod its service account, and mounts the account's token where the pod and the account allow it.</summary>
internal sealed class PodServiceAccount(ObjectStore store, ResourceDefinition accounts) : IAdmission
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const int TokenSeconds = 3607;
    private const int FileMode = 420;

    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (live is not null || request.Definition is not { Group: "", Kind: "Pod" } || next["spec"] is not JsonObject spec)
        {
            return;
        }

        if ((string?)spec["serviceAccountName"] is null or "")
        {
            spec["serviceAccountName"] = "default";
        }

        var name = (string)spec["serviceAccountName"]!;
        spec["serviceAccount"] = name;
        var account = store.Table(accounts.StorageName).Find(new ObjectKey(request.Namespace, name))?.Value
            ?? throw StatusErrors.Forbidden(
                request.Definition,
                next.Name(),
                $"error looking up service account {request.Namespace}/{name}: serviceaccount \"{name}\" not found");
        if (spec["imagePullSecrets"] is null && account["imagePullSecrets"] is JsonArray { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }

        if ((bool?)spec["automountServiceAccountToken"] ?? (bool?)account["automountServiceAccountToken"] ?? true)
        {
            MountToken(spec);
        }
    }

    private static void MountToken(JsonObject spec)
    {
        var containers = ContainerLists
            .SelectMany(list => (spec[list] as JsonArray ?? []).OfType<JsonObject>())
            .Where(container => !Mounts(container).OfType<JsonObject>().Any(m => (string?)m["mountPath"] == MountPath))
            .ToList();
        if (containers.Count == 0)
        {
            return;
        }

        var volume = "kube-api-access-" + Metadata.RandomSuffix();
        foreach (var container in containers)
        {
            Mounts(container).Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
        }

        if (spec["volumes"] is not JsonArray volumes)
        {
            volumes = [];
            spec["volumes"] = volumes;
        }

        volumes.Add((JsonNode)Volume(volume));
    }

    private static JsonArray Mounts(JsonObject container)
    {
        if (container["volumeMounts"] is JsonArray mounts)
        {
            return mounts;
        }

        mounts = [];
        container["volumeMounts"] = mounts;
        return mounts;
    }

    private static JsonObject Volume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" } },
                new JsonObject { ["configMap"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["items"] = Items("key", "ca.crt", "ca.crt") } },
                new JsonObject { ["downwardAPI"] = new JsonObject { ["items"] = NamespaceItem() } }),
            ["defaultMode"] = FileMode,
        },
    };

    private static JsonArray Items(string source, string value, string path) => new(new JsonObject { [source] = value, ["path"] = path });

    private static JsonArray NamespaceItem() => new(new JsonObject
    {
        ["path"] = "namespace",
        ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
    });
}
