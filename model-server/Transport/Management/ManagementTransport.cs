using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>
/// The management port: <c>/status</c>, <c>/window</c> and <c>/accuracy</c> here, <c>/metrics</c> by the exporter before it, and nothing
/// else that is not switched on.
/// </summary>
internal sealed class ManagementTransport(ServerLifecycle lifecycle, LiveState live, WindowHandler window, AccuracyHandler accuracy, ControlHandler control)
{
    private const string Reads = "GET, HEAD";

    /// <summary>Whether a request is for the exporter.</summary>
    public static bool IsScrape(HttpContext http) => http.Request.Path.Value == ServerContract.MetricsPath && IsRead(http.Request.Method);

    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        return path switch
        {
            ServerContract.StatusPath => ReadAsync(http, SendStatusAsync),
            ServerContract.WindowPath => ReadAsync(http, window.HandleAsync),
            ServerContract.AccuracyPath => ReadAsync(http, accuracy.HandleAsync),

            // The exporter has taken the requests that read.
            ServerContract.MetricsPath => RestAnswer.RefuseMethodAsync(http, Reads),
            _ => ControlAsync(http, RestPaths.Match(path)),
        };
    }

    private static Task ReadAsync(HttpContext http, Func<HttpContext, Task> answer) =>
        IsRead(http.Request.Method) ? answer(http) : RestAnswer.RefuseMethodAsync(http, Reads);

    private Task ControlAsync(HttpContext http, RestRoute route)
    {
        if (route.Target is not (RestTarget.RepositoryLoad or RestTarget.RepositoryUnload))
        {
            var hint = $"There is nothing here; this port has {ServerContract.StatusPath}, {ServerContract.WindowPath}, {ServerContract.AccuracyPath} and {ServerContract.MetricsPath}.";
            return RestAnswer.SendErrorAsync(http, DataPlane.ErrorCode.NotFound, hint).AsTask();
        }

        return HttpMethods.IsPost(http.Request.Method) ? control.HandleAsync(http, route) : RestAnswer.RefuseMethodAsync(http, "POST");
    }

    private async Task SendStatusAsync(HttpContext http)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Status(), ManagementJson.Default.ServerStatus);
        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

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
