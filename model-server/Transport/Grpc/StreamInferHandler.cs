using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// Answers ModelStreamInfer: requests run beside each other, a bounded number at a time, and are answered in the order in which they came. A
/// request that fails is told so in its answer and ends no stream. While the server drains, a stream takes no more requests, answers those it
/// took, and ends.
/// </summary>
internal sealed class StreamInferHandler(
    ServingDataPlane plane, BodyBudget bodies, int maxMessageBytes, TimeProvider clock, ILogger<StreamInferHandler> logger)
{
    /// <summary>Requests of one stream that were read and are not answered; more wait in the connection's window.</summary>
    public const int MostInFlight = 16;

    private const int ErrorMessage = 1;
    private const int InferResponse = 2;
    private const int ResponseId = 3;
    private const int MostUnflushed = 64 << 10;

    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(1);

    // A stream that nobody limits ends some day, so that no connection is held for good.
    private static readonly TimeSpan LongestStream = TimeSpan.FromDays(1);

    public async Task HandleAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // A stream may be silent; dead connections are found by pings.
            rate.MinDataRate = null;
        }

        // While the server drains it waits for the stream as for a request.
        var draining = plane.Lifecycle.Draining.UnsafeRegister(static inFlight => ((InFlight)inFlight!).Enter(), plane.InFlight);
        try
        {
            await AnswerAsync(http);
        }
        finally
        {
            if (!draining.Unregister())
            {
                await LingerAsync(http);
                plane.InFlight.Leave();
            }
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            using var deadline = new RequestDeadline(
                GrpcTimeout.Read(http.Request.Headers[GrpcTimeout.Header]) ?? LongestStream, clock, http.RequestAborted);
            http.Response.ContentType = GrpcAnswer.ContentType;
            await http.Response.BodyWriter.FlushAsync(deadline.Token);
            await AnswerAllAsync(http, deadline);
            await GrpcAnswer.EndAsync(http);
        }
        catch (Exception exception)
        {
            var failure = exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested
                ? new GrpcFailure(StatusCode.Cancelled, ErrorCode.Cancelled, "The client went away.", default)
                : GrpcErrors.ExplainTransport(exception, logger);
            Log.RequestFailed(logger, failure.Code, failure.Message);
            await GrpcAnswer.FailAsync(http, failure);
        }
    }

    /// <summary>
    /// Waits until the client has ended its side, so that the connection is not closed under the status that was sent: clients throw away what
    /// they have not read by then.
    /// </summary>
    private async Task LingerAsync(HttpContext http)
    {
        using var limit = new CancellationTokenSource(LongestLinger, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted);
        try
        {
            ReadResult read;
            do
            {
                read = await http.Request.BodyReader.ReadAsync(either.Token);
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has gone, or takes its time; either way the stream is over.
        }
    }

    private async Task AnswerAllAsync(HttpContext http, RequestDeadline deadline)
    {
        var answers = Channel.CreateUnbounded<Task<StreamAnswer>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var free = new SemaphoreSlim(MostInFlight);
        var writing = WriteAsync(http.Response.BodyWriter, answers.Reader, free);
        try
        {
            await ReadAsync(http, deadline, answers.Writer, free);
        }
        finally
        {
            answers.Writer.Complete();
            await writing;
        }
    }

    private async Task ReadAsync(HttpContext http, RequestDeadline deadline, ChannelWriter<Task<StreamAnswer>> answers, SemaphoreSlim free)
    {
        using var reader = InferHandler.Reader(http, maxMessageBytes, bodies);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, plane.Lifecycle.Draining);
        try
        {
            while (true)
            {
                await free.WaitAsync(stop.Token);
                if (await reader.NextAsync(stop.Token) is not { } message)
                {
                    return;
                }

                answers.TryWrite(RunAsync(message, deadline, http));
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested && stop.IsCancellationRequested)
        {
            throw plane.Lifecycle.IsDraining
                ? new ServingException(ErrorCode.Unavailable, "This server is stopping; what the stream has no answer to was not taken, send it to another.")
                : new ServingException(ErrorCode.DeadlineExceeded, $"The stream took longer than {deadline.Limit.TotalSeconds} s.");
        }
    }

    private async Task<StreamAnswer> RunAsync(PooledMessage message, RequestDeadline deadline, HttpContext http)
    {
        var exchange = new InferExchange(plane, GrpcTrace.Begin(http.Request, "ModelStreamInfer", plane.Log.IsOn), http.RequestAborted);
        try
        {
            exchange.Request.Deadline.Shorten(deadline.Left);
            await exchange.RunAsync(message);
            return new StreamAnswer(exchange, Failure: null);
        }
        catch (Exception exception)
        {
            return new StreamAnswer(exchange, GrpcErrors.Explain(exchange.Request, exception, logger));
        }
    }

    private async Task WriteAsync(PipeWriter writer, ChannelReader<Task<StreamAnswer>> answers, SemaphoreSlim free)
    {
        var isOpen = true;
        await foreach (var running in answers.ReadAllAsync(CancellationToken.None))
        {
            var answer = await running;
            using (answer.Exchange)
            {
                // Once the connection is gone the rest is only given back.
                isOpen = isOpen && await TryWriteAsync(writer, answer, flush: !answers.TryPeek(out var next) || !next.IsCompleted);
                var (code, status) = answer.Failure is { } failure ? (failure.Code, failure.Status)
                    : isOpen ? (ErrorCode.Ok, StatusCode.OK) : (ErrorCode.Cancelled, StatusCode.Cancelled);
                answer.Exchange.Request.End(code, (int)status);
            }

            free.Release();
        }
    }

    private async ValueTask<bool> TryWriteAsync(PipeWriter writer, StreamAnswer answer, bool flush)
    {
        try
        {
            Write(writer, answer);
            return (!flush && writer.UnflushedBytes < MostUnflushed) || !(await writer.FlushAsync(CancellationToken.None)).IsCompleted;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            Log.RequestFailed(logger, ErrorCode.Cancelled, exception.Message);
            return false;
        }
    }

    private static void Write(PipeWriter writer, StreamAnswer answer)
    {
        if (answer.Failure is not { } failure)
        {
            var size = answer.Exchange.AnswerBytes;
            GrpcAnswer.BeginMessage(writer, ProtoOut.FieldSize(size));
            ProtoOut.Begin(writer, InferResponse, size);
            answer.Exchange.WriteAnswer(writer);
            return;
        }

        var id = answer.Exchange.Id.Span;
        var message = Encoding.UTF8.GetBytes(failure.Message);
        var idSize = ProtoOut.OptionalSize(id.Length);
        GrpcAnswer.BeginMessage(writer, ProtoOut.OptionalSize(message.Length) + ProtoOut.FieldSize(idSize));
        ProtoOut.OptionalBytes(writer, ErrorMessage, message);
        ProtoOut.Begin(writer, InferResponse, idSize);
        ProtoOut.OptionalBytes(writer, ResponseId, id);
    }

    private readonly record struct StreamAnswer(InferExchange Exchange, GrpcFailure? Failure);
}
