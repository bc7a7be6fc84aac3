using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Operator.Manifests;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Writes objects and refusals.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(HttpContext context, int code, JsonObject value, AnswerFormat format, CancellationToken cancellationToken)
    {
        var text = format.Yaml ? Yaml.Write(value) : value.ToJsonString(JsonText.Options) + "\n";
        await WriteAsync(context, code, Encoding.UTF8.GetBytes(text), format.ContentType, cancellationToken);
    }

    public static Task WriteRefusalAsync(HttpContext context, StatusException refusal, CancellationToken cancellationToken)
    {
        if ((int?)refusal.Details?["retryAfterSeconds"] is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var format = Accept.Negotiate(context.Request.Headers.Accept.ToString()).Format;
        return WriteAsync(context, refusal.Code, refusal.ToStatus(), format ?? AnswerFormat.Json, cancellationToken);
    }

    /// <summary>How a path that nothing serves is answered outside the resources of built-in groups.</summary>
    public static Task WritePageNotFoundAsync(HttpContext context, CancellationToken cancellationToken) =>
        WriteAsync(context, 404, "404 page not found\n"u8.ToArray(), "text/plain; charset=utf-8", cancellationToken);

    /// <summary>Each warning in a header of its own, as RFC 7234 has it.</summary>
    public static void AddWarnings(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            var quoted = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            context.Response.Headers.Append("Warning", $"299 - \"{quoted}\"");
        }
    }

    private static async Task WriteAsync(HttpContext context, int code, byte[] body, string contentType, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-cache, private";
        await context.Response.Body.WriteAsync(body, cancellationToken);
    }
}
