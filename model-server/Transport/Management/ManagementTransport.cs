using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>The management port: <c>/status</c> here, <c>/metrics</c> by the exporter before it, and nothing else that is not switched on.</summary>
internal sealed class ManagementTransport(ServerLifecycle lifecycle, LiveState live, ControlHandler control)
{
    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        return path == ServerContract.StatusPath ? ReadAsync(http, SendStatusAsync) : ControlAsync(http, RestPaths.Match(path));
    }

    private static Task ReadAsync(HttpContext http, Func<HttpContext, Task> answer)
    {
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        return isRead ? answer(http) : RestAnswer.RefuseMethodAsync(http, "GET, HEAD");
    }

    private Task ControlAsync(HttpContext http, RestRoute route)
    {
        if (route.Target is not (RestTarget.RepositoryLoad or RestTarget.RepositoryUnload))
        {
            var hint = $"There is nothing here; this port has {ServerContract.StatusPath} and {ServerContract.MetricsPath}.";
            return RestAnswer.SendErrorAsync(http, DataPlane.ErrorCode.NotFound, hint).AsTask();
        }

        return HttpMethods.IsPost(http.Request.Method) ? control.HandleAsync(http, route) : RestAnswer.RefuseMethodAsync(http, "POST");
    }

    private async Task SendStatusAsync(HttpContext http)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Status(), ManagementJson.Default.ServerStatus);
        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private ServerStatus Status()
    {
        var status = lifecycle.Status();
        return status with { Message = string.Join(' ', ((string[])[status.Message, live.Trouble]).Where(text => text.Length > 0)), Live = live.Current.Tell() };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class ManagementJson : JsonSerializerContext;
