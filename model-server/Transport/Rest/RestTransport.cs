using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The Open Inference Protocol over REST, and feedback: finds what a request asks for and hands it on.</summary>
internal sealed class RestTransport(ServingDataPlane plane, BodyBudget bodies, InferHandler infer, FeedbackHandler feedback)
{
    private readonly MetadataHandler _metadata = new(plane, bodies);

    public Task HandleAsync(HttpContext http)
    {
        if (plane.Lifecycle.IsDraining)
        {
            http.Response.Headers.Connection = "close";
        }

        var path = http.Request.Path.Value ?? "";
        var route = RestPaths.Match(path);
        if (route.Target == RestTarget.None)
        {
            return RestAnswer.SendErrorAsync(
                http, ErrorCode.NotFound, $"There is nothing at {Quote.Of(path)}; the protocol's paths begin with /v2, those of V1 with /v1/models.").AsTask();
        }

        var isWrite = route.Target
            is RestTarget.Infer or RestTarget.Predict or RestTarget.Feedback or RestTarget.RepositoryIndex or RestTarget.RepositoryLoad or RestTarget.RepositoryUnload;
        var method = http.Request.Method;
        if (isWrite ? !HttpMethods.IsPost(method) : !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            return RestAnswer.RefuseMethodAsync(http, isWrite ? "POST" : "GET, HEAD");
        }

        return route.Target switch
        {
            RestTarget.Infer or RestTarget.Predict => infer.HandleAsync(http, route),
            RestTarget.Feedback => feedback.HandleAsync(http, route),
            _ => _metadata.HandleAsync(http, route),
        };
    }
}
