using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>Writes the answers of endpoints that are about the server and not about objects.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Utf8(JsonNode document) => JsonSerializer.SerializeToUtf8Bytes(document, Json);

    public static async Task JsonAsync(
        HttpContext context, JsonNode document, CancellationToken cancellationToken, string contentType = "application/json")
    {
        byte[] body = Utf8(document);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, cancellationToken);
    }

    public static async Task TextAsync(HttpContext context, int status, string text, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(text, cancellationToken);
    }

    /// <summary>What Go's router says of a path that nobody serves.</summary>
    public static Task NotFoundAsync(HttpContext context, CancellationToken cancellationToken) =>
        TextAsync(context, StatusCodes.Status404NotFound, "404 page not found\n", cancellationToken);
}
