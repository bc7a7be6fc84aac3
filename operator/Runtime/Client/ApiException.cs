using System.Net;

namespace Slipway.Runtime;

/// <summary>The API server said no, in its own words.</summary>
internal sealed class ApiException(HttpStatusCode status, string reason, string serverMessage, string request)
    : Exception($"{request} was answered {(int)status} {reason}: {serverMessage}")
{
    public HttpStatusCode Status => status;

    /// <summary>The message of the server's Status object, without the request.</summary>
    public string ServerMessage => serverMessage;

    /// <summary>The namespace is being deleted: nothing can be made in it any more.</summary>
    public bool NamespaceIsEnding { get; init; }

    /// <summary>The answer speaks of no object in particular.</summary>
    public bool NamesNothing { get; init; }

    /// <summary>The API server does not know the kind, or not any more. What it lacks besides, such as the namespace, it names.</summary>
    public bool KindIsMissing => Status == HttpStatusCode.MethodNotAllowed || (Status == HttpStatusCode.NotFound && NamesNothing);
}
