using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// Answers ModelInfer on the connection's own pipes, without the framework's gRPC layer: the message is read in place and the answer written
/// from the model's memory, which is what most of a small request's time goes into otherwise.
/// </summary>
internal sealed class InferHandler(ServingDataPlane plane, BodyBudget bodies, int maxMessageBytes, ILogger<InferHandler> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        using var exchange = new InferExchange(plane, GrpcTrace.Begin(http.Request, "ModelInfer", plane.Log.IsOn), http.RequestAborted);
        try
        {
            if (GrpcTimeout.Read(http.Request.Headers[GrpcTimeout.Header]) is { } timeout)
            {
                exchange.Request.Deadline.Shorten(timeout);
            }

            using (var reader = Reader(http, maxMessageBytes, bodies))
            {
                var message = await FirstAsync(reader, exchange.Request.Deadline);
                var isWhole = IsAtEnd(reader, message);
                await exchange.RunAsync(message);
                if (!isWhole)
                {
                    await RequireEndAsync(reader, exchange.Request);
                }
            }

            Write(http, exchange);
            await GrpcAnswer.EndAsync(http);
            exchange.Request.End(ErrorCode.Ok, (int)StatusCode.OK);
        }
        catch (Exception exception)
        {
            var failure = GrpcErrors.Explain(exchange.Request, exception, logger);
            exchange.Request.End(failure.Code, (int)failure.Status);
            await GrpcAnswer.FailAsync(http, failure);
        }
    }

    /// <summary>The messages of a call.</summary>
    public static MessageReader Reader(HttpContext http, int maxMessageBytes, BodyBudget bodies) =>
        new(http.Request.BodyReader, http.Request.Headers["grpc-encoding"].ToString(), maxMessageBytes, bodies);

    private static async ValueTask<PooledMessage> FirstAsync(MessageReader reader, RequestDeadline deadline) =>
        await NextAsync(reader, deadline) ?? throw ServingException.Invalid("The call has no message.");

    private static ValueTask<PooledMessage?> NextAsync(MessageReader reader, RequestDeadline deadline) =>
        reader.TryNext(out var message) ? new(message) : WaitAsync(reader, deadline);

    private static async ValueTask<PooledMessage?> WaitAsync(MessageReader reader, RequestDeadline deadline)
    {
        try
        {
            return await reader.NextAsync(deadline.Token);
        }
        catch (OperationCanceledException late) when (deadline.IsOver)
        {
            throw deadline.Missed(late);
        }
    }

    /// <returns>False when the end has not come yet; a second message that has is refused, and <paramref name="message"/> disposed.</returns>
    private static bool IsAtEnd(MessageReader reader, PooledMessage message)
    {
        try
        {
            if (!reader.TryNext(out var second))
            {
                return false;
            }

            RequireNone(second);
            return true;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static async ValueTask RequireEndAsync(MessageReader reader, InferenceRequest request)
    {
        // The call's end mostly comes in a frame of its own, a moment after the message: by now it is here, or its client keeps us waiting.
        request.IsWhole = false;
        RequireNone(await NextAsync(reader, request.Deadline));
        request.IsWhole = true;
    }

    private static void RequireNone(PooledMessage? second)
    {
        if (second is { } unwanted)
        {
            unwanted.Dispose();
            throw ServingException.Invalid("The call has more than one message; ModelStreamInfer takes many.");
        }
    }

    private static void Write(HttpContext http, InferExchange exchange)
    {
        http.Response.ContentType = GrpcAnswer.ContentType;
        var writer = http.Response.BodyWriter;
        GrpcAnswer.BeginMessage(writer, exchange.AnswerBytes);
        exchange.WriteAnswer(writer);
    }
}
