using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>What every request goes through: who it is, what it wants, and an answer whatever happens.</summary>
internal sealed class RequestPipeline(
    AccessControl access,
    IReadOnlyList<Func<HttpContext, CancellationToken, Task<bool>>> endpoints,
    Func<HttpContext, Func<Task>, Task>? intercept,
    Action<ObservedRequest> observe,
    TimeProvider time,
    ILogger<RequestPipeline> logger)
{
    /// <param name="context">The request.</param>
    /// <param name="stopping">Ends watches when the server stops.</param>
    public async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        var start = time.GetUtcNow();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await AnswerAsync(context, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (IOException)
        {
            // The client broke off while its request or its answer was on the way: there is nobody left to tell.
            context.Abort();
        }
        finally
        {
            var request = context.Request;
            observe(new ObservedRequest(
                start,
                request.Headers.UserAgent.ToString(),
                request.Method,
                request.Path + request.QueryString,
                context.Response.StatusCode,
                context.Features.Get<Identity>()?.Name ?? ""));
        }
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            await (intercept is null ? RouteAsync(context, cancellationToken) : intercept(context, () => RouteAsync(context, cancellationToken)));
        }
        catch (StatusException refusal) when (!context.Response.HasStarted)
        {
            await AnswerWriter.WriteRefusalAsync(context, refusal, cancellationToken);
        }
        catch (Exception e) when (e is not IOException && !context.Response.HasStarted && !cancellationToken.IsCancellationRequested)
        {
            Log.RequestFailed(logger, context.Request.Method, context.Request.Path, e);
            var refusal = new StatusException(500, "InternalError", $"Internal error occurred: {e.Message}");
            await AnswerWriter.WriteRefusalAsync(context, refusal, cancellationToken);
        }
    }

    private async Task RouteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Features.Set(access.Admit(context.Request));
        foreach (var endpoint in endpoints)
        {
            if (await endpoint(context, cancellationToken))
            {
                return;
            }
        }

        await AnswerWriter.WritePageNotFoundAsync(context, cancellationToken);
    }
}
