using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>What an applied object must say of itself before it is merged.</summary>
internal static class ApplyRules
{
    /// <exception cref="StatusException">400 for another kind, name or namespace than the path's.</exception>
    public static void Check(ResourceDefinition definition, JsonObject applied, RequestTarget target)
    {
        var version = (string?)applied["apiVersion"] ?? "";
        var kind = (string?)applied["kind"] ?? "";
        if (version != definition.ApiVersion || kind != definition.Kind)
        {
            var groupVersion = version.Contains('/', StringComparison.Ordinal) ? version : "/" + version;
            throw StatusErrors.BadRequest($"invalid object type: {groupVersion}, Kind={kind}");
        }

        if (applied.Name().Length > 0)
        {
            PathNames.CheckName(applied, target);
        }

        PathNames.CheckNamespace(applied, target);
        applied.Meta()["name"] = target.Name;
    }
}
