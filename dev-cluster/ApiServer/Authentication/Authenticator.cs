using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>Tells by its bearer token who sends a request.</summary>
internal sealed class Authenticator(string masterToken, ServiceAccountTokens tokens)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _master = Encoding.UTF8.GetBytes(Scheme + masterToken);

    /// <exception cref="StatusException">401 for a token that is nobody's.</exception>
    public Identity Identify(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), _master))
        {
            return Identity.Master;
        }

        if (header.Length == 0)
        {
            return Identity.Anonymous;
        }

        return (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? tokens.Identify(header[Scheme.Length..].Trim()) : null)
            ?? throw new StatusException(401, "Unauthorized", "Unauthorized");
    }
}
