using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class NamespaceRules
{
    public static readonly KindRules Rules = new()
    {
        Default = Default,
        PrepareForCreate = PrepareForCreate,
        PrepareForUpdate = (next, old) => next["spec"] = old["spec"]?.DeepClone(),
        Validate = (next, _) => ObjectMetaValidation.Check(next, ObjectNames.Label),
    };

    private static void Default(JsonObject ns)
    {
        if (ns.Object("metadata") is { } metadata && metadata.Text("name") is { Length: > 0 } name)
        {
            metadata.Struct("labels")["kubernetes.io/metadata.name"] = name;
        }
    }

    private static void PrepareForCreate(JsonObject ns)
    {
        ns["status"] = new JsonObject { ["phase"] = "Active" };
        ns["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
    }
}
