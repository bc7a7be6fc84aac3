using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Holds what an object says of itself to what its path says.</summary>
internal static class PathNames
{
    /// <exception cref="StatusException">400 for another name than the path's, or for none.</exception>
    public static void CheckName(JsonObject sent, RequestTarget target)
    {
        if (sent.Name() is var name && name != target.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({target.Name})");
        }
    }

    /// <exception cref="StatusException">400 for another namespace than the path's; none is fine.</exception>
    public static void CheckNamespace(JsonObject sent, RequestTarget target)
    {
        if (sent.MetaText("namespace") is { Length: > 0 } ns && ns != target.Namespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
