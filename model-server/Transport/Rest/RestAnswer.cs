using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Sends answers: JSON with its length, errors in the protocol's form.</summary>
internal static class RestAnswer
{
    public static async ValueTask SendAsync(HttpContext http, int status, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.BodyWriter.WriteAsync(json, cancellationToken);
        }
    }

    /// <summary>Does nothing when the answer has begun or nobody is there to read it.</summary>
    public static async ValueTask SendErrorAsync(HttpContext http, ErrorCode code, string message, TimeSpan retryAfter = default)
    {
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        using var writer = new PooledWriter(message.Length + 64);
        writer.Write("{\"error\":"u8);
        JsonOut.String(writer, Encoding.UTF8.GetBytes(message));
        writer.Write((byte)'}');
        if (code == ErrorCode.ResourceExhausted)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            await SendAsync(http, RestErrors.Status(code), writer.Written, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
    }
}
