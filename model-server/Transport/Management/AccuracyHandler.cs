using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Monitoring;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Answers <c>/accuracy</c>: what the feedback in a window says of each version, as far as this server was told.</summary>
internal sealed class AccuracyHandler(string model, FeedbackBook book)
{
    public async Task HandleAsync(HttpContext http)
    {
        byte[] json;
        try
        {
            var (from, to) = TimeParameter.ReadWindow(http.Request.Query);
            var versions = book.Read(from, to).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => VersionAccuracy.Of(each.Key, each.Value));
            json = JsonSerializer.SerializeToUtf8Bytes(new AccuracyAnswer(model, [.. versions]), AccuracyJson.Default.AccuracyAnswer);
        }
        catch (ServingException refused)
        {
            await RestAnswer.SendErrorAsync(http, refused.Code, refused.Message);
            return;
        }

        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccuracyAnswer))]
internal sealed partial class AccuracyJson : JsonSerializerContext;
