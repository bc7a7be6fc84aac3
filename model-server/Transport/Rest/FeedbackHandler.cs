using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers <c>POST …/feedback</c>: body → items → counts. Nothing of a body gets into the log.</summary>
/// <param name="stored">Null until the server has opened its repository.</param>
internal sealed class FeedbackHandler(
    ServingDataPlane plane, BodyBudget bodies, int maxBodyBytes, FeedbackBook book, Func<StoredVersions?> stored, ILogger<FeedbackHandler> logger)
{
    public async Task HandleAsync(HttpContext http, RestRoute route)
    {
        using var deadline = new RequestDeadline(plane.RequestTimeout, plane.Clock, http.RequestAborted);
        try
        {
            plane.RequireModel(route.Model);
            var version = route.Version.ToString();
            await RequireVersionAsync(version, deadline.Token);
            var receipt = await CountAsync(http, version, deadline);
            var json = JsonSerializer.SerializeToUtf8Bytes(receipt, RestJson.Default.FeedbackReceipt);
            await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
        }
        catch (Exception exception)
        {
            var failure = Explain(exception, deadline);
            await RestAnswer.SendErrorAsync(http, failure.Code, failure.Message, failure.RetryAfter);
        }
    }

    private async Task RequireVersionAsync(string version, CancellationToken cancellationToken)
    {
        if (version.Length == 0)
        {
            throw new ServingException(
                ErrorCode.NotFound,
                $"Feedback is of one version, since it may come when another is served: POST it to /v2/models/{plane.Model}/versions/…/feedback, with the model_version of the answer.");
        }

        if (plane.Versions.Entries.Any(entry => entry.Version == version && entry.Loaded is not null) || book.Knows(version))
        {
            return;
        }

        var repository = stored() ?? throw new ServingException(ErrorCode.Unavailable, "The server is starting; try again.");
        if (!await HoldsAsync(repository, version, cancellationToken))
        {
            throw new ServingException(ErrorCode.NotFound, $"Model '{plane.Model}' has no version {Quote.Of(version)} in its repository.");
        }
    }

    private async Task<bool> HoldsAsync(StoredVersions repository, string version, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.HoldsAsync(version, cancellationToken);
        }
        catch (StoreException exception)
        {
            Log.VersionUntold(logger, exception.Message);
            throw new ServingException(
                ErrorCode.Unavailable, $"Storage does not tell now whether model '{plane.Model}' has a version {Quote.Of(version)}; try again later.", exception);
        }
    }

    private async Task<FeedbackReceipt> CountAsync(HttpContext http, string version, RequestDeadline deadline)
    {
        var coding = ContentCodings.OfBody(http.Request);
        var body = await RequestBody.ReadAsync(http, maxBodyBytes, bodies, deadline);
        if (coding != ContentCoding.Identity)
        {
            body = Inflater.Replace(body, coding, maxBodyBytes, bodies);
        }

        using (body)
        {
            return book.Add(version, FeedbackReader.Read(body.Memory.Span, plane.Clock.GetUtcNow()));
        }
    }

    private ServingException Explain(Exception exception, RequestDeadline deadline)
    {
        switch (exception)
        {
            case ServingException known:
                return known;
            case OperationCanceledException when deadline.IsOver:
                return new(ErrorCode.DeadlineExceeded, $"The request took longer than {deadline.Limit.TotalSeconds} s, the most that this server allows.", exception);
            default:
                return ConnectionFaults.Explain(exception) ?? Broke(exception);
        }
    }

    private ServingException Broke(Exception exception)
    {
        Log.RequestBroke(logger, exception);
        return new(ErrorCode.Internal, "The server met a fault of its own; its log has the details.", exception);
    }
}
