using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The one table from our error words to HTTP, and into them from what goes wrong with a request.</summary>
internal static class RestErrors
{
    public static int Status(ErrorCode code) => code switch
    {
        ErrorCode.Ok => StatusCodes.Status200OK,
        ErrorCode.InvalidArgument => StatusCodes.Status400BadRequest,
        ErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.TooSlow => StatusCodes.Status408RequestTimeout,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        ErrorCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        ErrorCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        ErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorCode.Internal => StatusCodes.Status500InternalServerError,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "has no HTTP status"),
    };

    /// <summary>What the client of a small request is to be told; null for a fault of the server's own.</summary>
    /// <param name="requestAborted">Tells that the client is gone.</param>
    public static ServingException? Explain(Exception exception, CancellationToken requestAborted) => exception switch
    {
        ServingException refused => refused,
        OperationCanceledException when requestAborted.IsCancellationRequested => new(ErrorCode.Cancelled, "The client went away.", exception),
        BadHttpRequestException => new(ErrorCode.InvalidArgument, $"The request is not valid HTTP: {exception.Message}", exception),
        _ => null,
    };
}
