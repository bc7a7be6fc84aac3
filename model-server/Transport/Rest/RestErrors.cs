using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The one table from our error words to HTTP.</summary>
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
}
