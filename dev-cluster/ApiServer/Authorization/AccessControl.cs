using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>What stands before every request: who sends it, and whether that one may.</summary>
internal sealed class AccessControl(Authenticator authenticator, Impersonation impersonation, RbacAuthorizer authorizer)
{
    /// <summary>The one on whose behalf the request goes on.</summary>
    /// <exception cref="StatusException">401 for an unknown token, 403 for what is not allowed.</exception>
    public Identity Admit(HttpRequest request)
    {
        var who = impersonation.Apply(request, authenticator.Identify(request));
        if (!who.IsMaster)
        {
            authorizer.Demand(who, AccessRequest.Of(request));
        }

        return who;
    }
}
