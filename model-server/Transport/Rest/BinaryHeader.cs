using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The header of the binary extension: how many bytes of a body are JSON; the rest are tensors.</summary>
internal static class BinaryHeader
{
    public const string Name = "Inference-Header-Content-Length";

    /// <returns>Null when the header is absent.</returns>
    public static int? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Name, out var values))
        {
            return null;
        }

        return int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw ServingException.Invalid($"{Name} must be the number of bytes of the JSON, got {Quote.Of(values.ToString())}.");
    }

    public static void Write(HttpResponse response, int jsonBytes) =>
        response.Headers[Name] = jsonBytes.ToString(CultureInfo.InvariantCulture);
}
