using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer;

/// <summary>What a server has before its first client: the namespaces that every cluster has.</summary>
internal static class FirstObjects
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Create(ObjectWriter writer, ResourceDefinition namespaces)
    {
        foreach (var name in Namespaces)
        {
            var value = namespaces.NewObject();
            value["metadata"] = new JsonObject { ["name"] = name };
            writer.Create(new ObjectRequest(namespaces, "", "", "", "kube-apiserver"), WriteOptions.Default, new Change(value, OwnersKnown: false));
        }
    }
}
