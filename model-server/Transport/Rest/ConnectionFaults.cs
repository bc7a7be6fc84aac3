using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Puts what goes wrong between a client and the server into our words.</summary>
internal static class ConnectionFaults
{
    // What Kestrel says of a connection that ends in the middle of a body; its exceptions tell their reasons in no other way.
    private const string BodyCutOff = "Unexpected end of request content";

    /// <returns>Null for what is no fault of the connection.</returns>
    public static ServingException? Explain(Exception exception) => exception switch
    {
        BadHttpRequestException cut when cut.Message.StartsWith(BodyCutOff, StringComparison.Ordinal) =>
            new(ErrorCode.Cancelled, "The client went away.", exception),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new(ErrorCode.TooSlow, "The body came too slowly; send it at once.", exception),
        BadHttpRequestException bad => new(ErrorCode.InvalidArgument, $"The request is not valid HTTP: {bad.Message}", exception),
        IOException or OperationCanceledException => new(ErrorCode.Cancelled, "The connection broke.", exception),
        _ => null,
    };
}
