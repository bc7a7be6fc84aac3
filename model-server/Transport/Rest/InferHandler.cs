using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers <c>POST …/infer</c> and V1's <c>:predict</c>: body → call → model → answer, with a deadline, and counts how it ended.</summary>
internal sealed class InferHandler(
    ServingDataPlane plane, BodyBudget bodies, int maxBodyBytes, RequestLimits limits, ILogger<InferHandler> logger)
{
    private const int AnswerBytes = 4 << 10;

    // What Kestrel takes without making the sender wait, so that nothing has to watch the clock.
    private const int SentAtOnceBytes = 32 << 10;

    public async Task HandleAsync(HttpContext http, RestRoute route)
    {
        using var request = plane.Begin(Protocol.Rest, RestTrace.Begin(http.Request, route, plane.Log.IsOn), http.RequestAborted);
        try
        {
            request.Enter(route.Model, route.Version);
            using var answer = new PooledWriter(AnswerBytes);
            var jsonBytes = await InferAsync(http, route.Target, request, answer);
            var patience = answer.Written.Length <= SentAtOnceBytes ? CancellationToken.None : request.Deadline.Token;
            await RestAnswer.SendTensorsAsync(http, answer.Written, jsonBytes, patience);
            request.End(ErrorCode.Ok, StatusCodes.Status200OK);
        }
        catch (Exception exception)
        {
            var failure = request.Explain(exception) ?? ConnectionFaults.Explain(exception) ?? Broke(exception);
            request.End(failure.Code, RestErrors.Status(failure.Code));
            Log.RequestFailed(logger, failure.Code, failure.Message);
            await RestAnswer.SendErrorAsync(http, failure.Code, failure.Message, failure.RetryAfter);
        }
    }

    /// <returns>Bytes of the answer's JSON when binary data may follow it; null when it is JSON alone.</returns>
    private async ValueTask<int?> InferAsync(HttpContext http, RestTarget target, InferenceRequest request, PooledWriter answer)
    {
        var coding = ContentCodings.OfBody(http.Request);
        var jsonBytes = BinaryHeader.Read(http.Request);
        var body = await RequestBody.ReadAsync(http, maxBodyBytes, bodies, request.Deadline);
        if (coding != ContentCoding.Identity)
        {
            body = Inflater.Replace(body, coding, maxBodyBytes, bodies);
        }

        using (body)
        {
            var start = plane.Clock.GetTimestamp();
            using var call = request.Target.Session.Rent();
            var form = Read(target, body, jsonBytes, request, call);
            if (form.Timeout > TimeSpan.Zero)
            {
                request.Deadline.Shorten(form.Timeout);
            }

            request.Target.Metrics.Statistics.Read(plane.Clock.GetElapsedTime(start));
            using var result = await request.RunAsync(call);
            start = plane.Clock.GetTimestamp();
            var written = Write(answer, request.Target, body.Memory.Span[form.Id], result, form);
            request.Target.Metrics.Answered(result, plane.Clock.GetElapsedTime(start));
            return written;
        }
    }

    private AnswerForm Read(RestTarget target, RequestBody body, int? jsonBytes, InferenceRequest request, InferCall call)
    {
        var id = default(Range);
        var bytes = body.Memory.Span;
        try
        {
            var form = Read(target, bytes, jsonBytes, call);
            id = form.Id;
            return form;
        }
        catch (ServingException) when (request.WantsId && target == RestTarget.Infer && jsonBytes != 0)
        {
            id = InferRequestReader.FindId(bytes, jsonBytes, limits);
            throw;
        }
        finally
        {
            if (request.WantsId)
            {
                request.Identify(RequestId.OfJson(bytes[id]));
            }
        }
    }

    private AnswerForm Read(RestTarget target, ReadOnlySpan<byte> body, int? jsonBytes, InferCall call)
    {
        if (target == RestTarget.Predict)
        {
            return jsonBytes is null
                ? PredictRequestReader.Read(RequestParts.Cut(body, null, limits), call)
                : throw ServingException.Invalid($"V1 has no binary form; send JSON without {BinaryHeader.Name}, or use /v2/models/…/infer.");
        }

        return jsonBytes == 0
            ? RawRequest.Read(body, call, limits)
            : InferRequestReader.Read(RequestParts.Cut(body, jsonBytes, limits), call);
    }

    private static int? Write(PooledWriter answer, ModelVersion target, ReadOnlySpan<byte> id, InferResult result, in AnswerForm form)
    {
        if (form.Predict is null)
        {
            return InferResponseWriter.Write(answer, target, id, result, form);
        }

        PredictResponseWriter.Write(answer, result, form);
        return null;
    }

    private ServingException Broke(Exception exception)
    {
        Log.RequestBroke(logger, exception);
        return new(ErrorCode.Internal, "The server met a fault of its own; its log has the details.", exception);
    }
}
