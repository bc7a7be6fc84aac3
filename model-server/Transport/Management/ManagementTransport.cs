using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>The management port, read-only: <c>/status</c> here, <c>/metrics</c> by the exporter before it.</summary>
internal sealed class ManagementTransport(ServerLifecycle lifecycle, LiveState live)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (http.Request.Path.Value != ServerContract.StatusPath)
        {
            var hint = $"There is nothing here; this port has {ServerContract.StatusPath} and {ServerContract.MetricsPath}.";
            await RestAnswer.SendErrorAsync(http, DataPlane.ErrorCode.NotFound, hint);
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await RestAnswer.SendAsync(http, StatusCodes.Status405MethodNotAllowed, "{\"error\":\"This path takes GET, HEAD only.\"}"u8.ToArray(), http.RequestAborted);
            return;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(Status(), ManagementJson.Default.ServerStatus);
        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private ServerStatus Status()
    {
        var status = lifecycle.Status();
        return status with { Message = string.Join(' ', ((string[])[status.Message, live.Trouble]).Where(text => text.Length > 0)), Live = live.Current.Tell() };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class ManagementJson : JsonSerializerContext;
