using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Discovery;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>Answers GET requests under <c>/openapi</c>.</summary>
internal sealed class OpenApiHandler(OpenApiDocuments documents)
{
    private const string Root = "/openapi/v3";

    /// <summary>Answers the request if it is one of these; false leaves it to others.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string path = context.Request.Path.Value!;
        if (!HttpMethods.IsGet(context.Request.Method) || !path.StartsWith("/openapi/", StringComparison.Ordinal))
        {
            return false;
        }

        if (path is Root or Root + "/")
        {
            byte[] index = Answers.Utf8(documents.Index());
            await WriteAsync(context, index, Convert.ToHexString(SHA512.HashData(index)), "text/plain; charset=utf-8", cancellationToken);
            return true;
        }

        if (path.StartsWith(Root + "/", StringComparison.Ordinal))
        {
            await DocumentAsync(context, path[(Root.Length + 1)..], cancellationToken);
            return true;
        }

        if (path == VersionTwo.Path)
        {
            (byte[] body, string contentType) = VersionTwo.Answer(context.Request.Headers.Accept.ToString());
            await WriteAsync(context, body, Convert.ToHexString(SHA512.HashData(body)), contentType, cancellationToken);
            return true;
        }

        return false;
    }

    private async Task DocumentAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        if (documents.Find(path) is not { } document)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string asked = context.Request.Query["hash"].ToString();
        if (asked.Length > 0 && asked != document.Hash)
        {
            context.Response.Redirect($"{Root}/{path}?hash={document.Hash}", permanent: true);
            return;
        }

        if (asked.Length > 0)
        {
            // Without an age kubectl keeps the document, but asks for it anew in every run.
            context.Response.Headers.CacheControl = "public, immutable, max-age=31536000";
            context.Response.Headers.Vary = "Accept";
        }

        await WriteAsync(context, document.Body, document.Hash, "application/json", cancellationToken);
    }

    private static async Task WriteAsync(HttpContext context, byte[] body, string hash, string contentType, CancellationToken cancellationToken)
    {
        string tag = $"\"{hash}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, cancellationToken);
    }
}
