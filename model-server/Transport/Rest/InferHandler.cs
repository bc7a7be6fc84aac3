using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers <c>POST …/infer</c>: body → call → model → answer, with a deadline, and counts how it ended.</summary>
internal sealed class InferHandler(
    ServingDataPlane plane, ServerMetrics metrics, InFlight inFlight, BodyBudget bodies, int maxBodyBytes, TimeProvider clock, ILogger<InferHandler> logger)
{
    private const int AnswerBytes = 4 << 10;

    // What Kestrel says of a connection that ends in the middle of a body; its exceptions tell their reasons in no other way.
    private const string BodyCutOff = "Unexpected end of request content";

    /// <param name="model">As it stands in the path.</param>
    /// <param name="version">Empty when the path has none.</param>
    public async Task HandleAsync(HttpContext http, string model, string version)
    {
        var start = Stopwatch.GetTimestamp();
        inFlight.Enter();
        var code = ErrorCode.Internal;
        try
        {
            code = await AnswerAsync(http, model, version);
        }
        finally
        {
            metrics.Requested(code, Stopwatch.GetElapsedTime(start));
            inFlight.Leave();
        }
    }

    private async Task<ErrorCode> AnswerAsync(HttpContext http, string model, string version)
    {
        using var deadline = new RequestDeadline(plane.RequestTimeout, clock, http.RequestAborted);
        try
        {
            var target = plane.Find(model, version);
            RefuseEncodings(http.Request);
            using var answer = new PooledWriter(AnswerBytes);
            await InferAsync(http, target, answer, deadline);
            await RestAnswer.SendAsync(http, StatusCodes.Status200OK, answer.Written, deadline.Token);
            return ErrorCode.Ok;
        }
        catch (Exception exception)
        {
            var failure = Explain(exception, deadline, http);
            Log.RequestFailed(logger, failure.Code, failure.Message);
            await RestAnswer.SendErrorAsync(http, failure.Code, failure.Message);
            return failure.Code;
        }
    }

    private async ValueTask InferAsync(HttpContext http, ModelVersion target, PooledWriter answer, RequestDeadline deadline)
    {
        using var body = await RequestBody.ReadAsync(http, maxBodyBytes, bodies, deadline.Token);
        using var call = target.Session.Rent();
        var id = InferRequestReader.Read(body.Memory.Span, call);
        using var result = await plane.InferAsync(target, call, deadline.Token);
        InferResponseWriter.Write(answer, target, body.Memory.Span[id], result);
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

    private ServingException Explain(Exception exception, RequestDeadline deadline, HttpContext http)
    {
        switch (exception)
        {
            case ServingException known:
                return known;
            case var _ when http.RequestAborted.IsCancellationRequested:
                return new(ErrorCode.Cancelled, "The client went away.", exception);
            case OperationCanceledException when deadline.IsOver:
                return new(ErrorCode.DeadlineExceeded, $"The request took longer than {plane.RequestTimeout.TotalSeconds} s, the most that this server allows.", exception);
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
