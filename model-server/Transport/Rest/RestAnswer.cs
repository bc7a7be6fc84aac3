using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Sends answers: JSON with its length, errors in the protocol's form.</summary>
internal static class RestAnswer
{
    private const string Json = "application/json";
    private const string Binary = "application/octet-stream";

    public static async ValueTask SendAsync(
        HttpContext http, int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string type = Json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.BodyWriter.WriteAsync(body, cancellationToken);
        }
    }

    /// <summary>Sends an answer that holds tensors, compressed if the client wants that and it pays.</summary>
    /// <param name="jsonBytes">Bytes of its JSON when binary data may follow; null when it is JSON alone.</param>
    public static async ValueTask SendTensorsAsync(HttpContext http, ReadOnlyMemory<byte> answer, int? jsonBytes, CancellationToken cancellationToken)
    {
        if (jsonBytes is { } length)
        {
            BinaryHeader.Write(http.Response, length);
        }

        var type = jsonBytes is null ? Json : Binary;
        if (answer.Length < Deflater.LeastBytes)
        {
            await SendAsync(http, StatusCodes.Status200OK, answer, cancellationToken, type);
            return;
        }

        http.Response.Headers.Vary = "Accept-Encoding";
        var coding = ContentCodings.Accepted(http.Request.Headers.AcceptEncoding);
        if (coding == ContentCoding.Identity)
        {
            await SendAsync(http, StatusCodes.Status200OK, answer, cancellationToken, type);
            return;
        }

        using var compressed = new PooledWriter(answer.Length);
        Deflater.Write(answer.Span, coding, compressed);
        var isSmaller = compressed.Written.Length < answer.Length;
        if (isSmaller)
        {
            http.Response.Headers.ContentEncoding = ContentCodings.Name(coding);
        }

        await SendAsync(http, StatusCodes.Status200OK, isSmaller ? compressed.Written : answer, cancellationToken, type);
    }

    /// <param name="allowed">The methods that the path takes, with commas between.</param>
    public static async Task RefuseMethodAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        var error = Encoding.UTF8.GetBytes($$"""{"error":"This path takes {{allowed}} only."}""");
        await SendAsync(http, StatusCodes.Status405MethodNotAllowed, error, http.RequestAborted);
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
