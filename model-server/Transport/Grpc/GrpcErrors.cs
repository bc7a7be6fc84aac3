using Grpc.Core;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>How a call failed: the status that the client gets, the code under which it is counted.</summary>
internal readonly record struct GrpcFailure(StatusCode Status, ErrorCode Code, string Message, TimeSpan RetryAfter);

/// <summary>The one table from our error words to gRPC.</summary>
internal static class GrpcErrors
{
    public static StatusCode Status(ErrorCode code) => code switch
    {
        ErrorCode.Ok => StatusCode.OK,
        ErrorCode.InvalidArgument or ErrorCode.TooSlow => StatusCode.InvalidArgument,
        ErrorCode.TooLarge => StatusCode.ResourceExhausted,
        ErrorCode.NotFound => StatusCode.NotFound,
        ErrorCode.Cancelled => StatusCode.Cancelled,
        ErrorCode.ResourceExhausted => StatusCode.ResourceExhausted,
        ErrorCode.DeadlineExceeded => StatusCode.DeadlineExceeded,
        ErrorCode.Unavailable => StatusCode.Unavailable,
        ErrorCode.Internal => StatusCode.Internal,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "has no gRPC status"),
    };

    public static RpcException ToRpc(ServingException exception) => new(new Status(Status(exception.Code), exception.Message));

    /// <summary>Puts what went wrong with an inference into a status, and logs it.</summary>
    public static GrpcFailure Explain(InferenceRequest request, Exception exception, ILogger logger)
    {
        var failure = request.Explain(exception) switch
        {
            // A client ends its call at the deadline that it set, most often just before the server does. One that had not sent it all by then waited for itself.
            { Code: ErrorCode.Cancelled } when request.IsWhole && request.Deadline.Left == TimeSpan.Zero =>
                new GrpcFailure(StatusCode.DeadlineExceeded, ErrorCode.DeadlineExceeded, "The client's deadline came.", default),
            { } known => new GrpcFailure(Status(known.Code), known.Code, known.Message, known.RetryAfter),
            null => ExplainTransport(exception, logger),
        };
        Log.RequestFailed(logger, failure.Code, failure.Message);
        return failure;
    }

    /// <summary>What the protocol or the connection itself met.</summary>
    public static GrpcFailure ExplainTransport(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case ServingException known:
                return new(Status(known.Code), known.Code, known.Message, known.RetryAfter);
            case RpcException refused:
                return new(refused.StatusCode, ErrorCode.InvalidArgument, refused.Status.Detail, default);
            case IOException or OperationCanceledException:
                return new(StatusCode.Cancelled, ErrorCode.Cancelled, "The client went away.", default);
            default:
                Log.RequestBroke(logger, exception);
                return new(StatusCode.Internal, ErrorCode.Internal, "The server met a fault of its own; its log has the details.", default);
        }
    }
}
