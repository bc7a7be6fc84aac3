using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>The extension by which clients find a kind in a document.</summary>
internal static class Kinds
{
    public static JsonObject Of(ResourceDefinition definition, string kind) =>
        new() { ["group"] = definition.Group, ["version"] = definition.Version, ["kind"] = kind };
}
