using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Writes a watch: one JSON object to a line, sent as soon as it is there.</summary>
internal static class WatchWriter
{
    /// <param name="context">The request whose response this becomes.</param>
    /// <param name="lines">The events; the response ends with them.</param>
    /// <param name="shape">Turns an object into another form for the client; null sends objects as they are stored.</param>
    /// <param name="cancellationToken">Ends the response.</param>
    public static async Task WriteAsync(
        HttpContext context, IAsyncEnumerable<WatchLine> lines, Func<WatchLine, JsonObject>? shape, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = 200;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            var json = shape is null ? Json(line) : Encode(shape(line));
            var writer = context.Response.BodyWriter;
            Encoding.UTF8.GetBytes($"{{\"type\":\"{line.Type}\",\"object\":", writer);
            await writer.WriteAsync(json, cancellationToken);
            await writer.WriteAsync("}\n"u8.ToArray(), cancellationToken);
            await writer.FlushAsync(cancellationToken);
        }
    }

    private static ReadOnlyMemory<byte> Json(WatchLine line) => line.Stored?.Json ?? Encode(line.Object);

    private static byte[] Encode(JsonObject value) => Encoding.UTF8.GetBytes(value.ToJsonString(JsonText.Options));
}
