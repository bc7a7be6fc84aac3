using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers <c>POST …/infer</c>: body → call → model → answer, with a deadline, and counts how it ended.</summary>
internal sealed class InferHandler(ServingDataPlane plane, BodyBudget bodies, int maxBodyBytes, ILogger<InferHandler> logger)
{
    private const int AnswerBytes = 4 << 10;

    // What Kestrel says of a connection that ends in the middle of a body; its exceptions tell their reasons in no other way.
    private const string BodyCutOff = "Unexpected end of request content";

    /// <param name="model">As it stands in the path.</param>
    /// <param name="version">Empty when the path has none.</param>
    public async Task HandleAsync(HttpContext http, string model, string version)
    {
        using var request = plane.Begin(Protocol.Rest, http.RequestAborted);
        try
        {
            request.Enter(model, version);
            RefuseEncodings(http.Request);
            using var answer = new PooledWriter(AnswerBytes);
            await InferAsync(http, request, answer);
            await RestAnswer.SendAsync(http, StatusCodes.Status200OK, answer.Written, request.Deadline.Token);
            request.End(ErrorCode.Ok);
        }
        catch (Exception exception)
        {
            var failure = request.Explain(exception) ?? Explain(exception);
            request.End(failure.Code);
            Log.RequestFailed(logger, failure.Code, failure.Message);
            await RestAnswer.SendErrorAsync(http, failure.Code, failure.Message, failure.RetryAfter);
        }
    }

    private async ValueTask InferAsync(HttpContext http, InferenceRequest request, PooledWriter answer)
    {
        using var body = await RequestBody.ReadAsync(http, maxBodyBytes, bodies, request.Deadline.Token);
        using var call = request.Target.Session.Rent();
        var id = InferRequestReader.Read(body.Memory.Span, call);
        using var result = await request.RunAsync(call);
        InferResponseWriter.Write(answer, request.Target, body.Memory.Span[id], result);
    }

    private static void RefuseEncodings(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Inference-Header-Content-Length"))
        {
            throw ServingException.Invalid("This server does not take binary tensors; send the tensors as JSON, without Inference-Header-Content-Length.");
        }

        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            throw ServingException.Invalid("This server does not take compressed bodies; send the body without Content-Encoding.");
        }
    }

    private ServingException Explain(Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException cut when cut.Message.StartsWith(BodyCutOff, StringComparison.Ordinal):
                return new(ErrorCode.Cancelled, "The client went away.", exception);
            case BadHttpRequestException bad:
                return new(ErrorCode.InvalidArgument, $"The request is not valid HTTP: {bad.Message}", exception);
            case IOException or OperationCanceledException:
                return new(ErrorCode.Cancelled, "The connection broke.", exception);
            default:
                Log.RequestBroke(logger, exception);
                return new(ErrorCode.Internal, "The server met a fault of its own; its log has the details.", exception);
        }
    }
}
