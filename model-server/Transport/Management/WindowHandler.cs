using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Answers <c>/window</c>. An answer grows with the versions that are there and with nothing that is asked.</summary>
internal sealed class WindowHandler(string model, WindowRing window, FeedbackBook feedback)
{
    public async Task HandleAsync(HttpContext http)
    {
        byte[] json;
        try
        {
            json = JsonSerializer.SerializeToUtf8Bytes(Read(http.Request.Query), WindowJson.Default.ServerWindow);
        }
        catch (ServingException refused)
        {
            await RestAnswer.SendErrorAsync(http, refused.Code, refused.Message);
            return;
        }

        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private ServerWindow Read(IQueryCollection query)
    {
        var (from, to) = TimeParameter.ReadWindow(query);
        return WindowReport.Of(model, window.Read(from, to), feedback.Read(from, to));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerWindow))]
internal sealed partial class WindowJson : JsonSerializerContext;
