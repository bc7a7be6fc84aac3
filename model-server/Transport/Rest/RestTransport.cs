using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The Open Inference Protocol over REST: finds what a request asks for and hands it on.</summary>
internal sealed class RestTransport(ServingDataPlane plane, InferHandler infer)
{
    private readonly MetadataHandler _metadata = new(plane);

    public Task HandleAsync(HttpContext http)
    {
        if (plane.Lifecycle.IsDraining)
        {
            http.Response.Headers.Connection = "close";
        }

        var path = http.Request.Path.Value ?? "";
        var target = RestPaths.Match(path, out var model, out var version);
        if (target == RestTarget.None)
        {
            return RestAnswer.SendErrorAsync(http, ErrorCode.NotFound, $"There is nothing at {Quote.Of(path)}; the protocol's paths begin with /v2.").AsTask();
        }

        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (target == RestTarget.Infer ? !HttpMethods.IsPost(http.Request.Method) : !isRead)
        {
            return RefuseMethodAsync(http, target == RestTarget.Infer ? "POST" : "GET, HEAD");
        }

        return target == RestTarget.Infer
            ? infer.HandleAsync(http, model, version)
            : _metadata.HandleAsync(http, target, model, version);
    }

    private static async Task RefuseMethodAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        var error = System.Text.Encoding.UTF8.GetBytes($$"""{"error":"This path takes {{allowed}} only."}""");
        await RestAnswer.SendAsync(http, StatusCodes.Status405MethodNotAllowed, error, http.RequestAborted);
    }
}
