using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>The management port, read-only: <c>/status</c> and <c>/window</c> here, <c>/metrics</c> by the exporter before it.</summary>
internal sealed class ManagementTransport(ServerLifecycle lifecycle, WindowHandler window)
{
    /// <summary>Whether a request is for the exporter.</summary>
    public static bool IsScrape(HttpContext http) => http.Request.Path.Value == ServerContract.MetricsPath && IsRead(http.Request.Method);

    public async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value;
        if (path is not (ServerContract.StatusPath or ServerContract.WindowPath or ServerContract.MetricsPath))
        {
            var hint = $"There is nothing here; this port has {ServerContract.StatusPath}, {ServerContract.WindowPath} and {ServerContract.MetricsPath}.";
            await RestAnswer.SendErrorAsync(http, DataPlane.ErrorCode.NotFound, hint);
            return;
        }

        if (!IsRead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await RestAnswer.SendAsync(http, StatusCodes.Status405MethodNotAllowed, "{\"error\":\"This path takes GET, HEAD only.\"}"u8.ToArray(), http.RequestAborted);
            return;
        }

        if (path == ServerContract.WindowPath)
        {
            await window.HandleAsync(http);
            return;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(lifecycle.Status(), ManagementJson.Default.ServerStatus);
        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class ManagementJson : JsonSerializerContext;
