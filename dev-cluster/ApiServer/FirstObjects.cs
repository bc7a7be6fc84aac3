using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer;

/// <summary>What a server has before its first client: the namespaces and the roles that every cluster has.</summary>
internal static class FirstObjects
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Create(ObjectWriter writer, ResourceCatalog catalog)
    {
        foreach (var name in Namespaces)
        {
            Create(writer, catalog.Find("", "v1", "namespaces")!, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        foreach (var role in BootstrapPolicy.Roles())
        {
            Create(writer, catalog.Find("rbac.authorization.k8s.io", "v1", "clusterroles")!, role);
        }

        foreach (var binding in BootstrapPolicy.Bindings())
        {
            Create(writer, catalog.Find("rbac.authorization.k8s.io", "v1", "clusterrolebindings")!, binding);
        }
    }

    private static void Create(ObjectWriter writer, ResourceDefinition definition, JsonObject content)
    {
        var value = definition.NewObject();
        foreach (var (field, part) in content)
        {
            value[field] = part?.DeepClone();
        }

        writer.Create(new ObjectRequest(definition, "", "", "", "kube-apiserver"), WriteOptions.Default, new Change(value, OwnersKnown: false));
    }
}
