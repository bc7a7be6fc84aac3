using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Sends gRPC's side of HTTP/2: messages behind their length, and how a call ended in the trailers.</summary>
internal static class GrpcAnswer
{
    public const string ContentType = "application/grpc";

    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string AcceptHeader = "grpc-accept-encoding";

    // What gRPC's retry policy reads: the client waits this long before its next attempt.
    private const string PushbackHeader = "grpc-retry-pushback-ms";

    private static readonly TimeSpan UnknownWait = TimeSpan.FromSeconds(1);

    /// <summary>Announces a message of so many bytes, which is written next.</summary>
    public static void BeginMessage(PipeWriter writer, long bytes)
    {
        var prefix = writer.GetSpan(MessageReader.PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)bytes);
        writer.Advance(MessageReader.PrefixBytes);
    }

    /// <summary>Ends a call well: what was written, the status, and that all of it has gone out.</summary>
    public static Task EndAsync(HttpContext http)
    {
        http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers[StatusHeader] = "0";
        return http.Response.CompleteAsync();
    }

    /// <summary>
    /// Ends a call with an error: in the headers when nothing was sent before, else in the trailers. Does nothing when nobody is there to read
    /// it.
    /// </summary>
    public static async Task FailAsync(HttpContext http, GrpcFailure failure)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var place = http.Response.HasStarted ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : http.Response.Headers;
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = ContentType;
        }

        place[StatusHeader] = ((int)failure.Status).ToString(CultureInfo.InvariantCulture);
        place[MessageHeader] = Encode(failure.Message);
        if (failure.Code == ErrorCode.ResourceExhausted)
        {
            var wait = failure.RetryAfter > TimeSpan.Zero ? failure.RetryAfter : UnknownWait;
            place[PushbackHeader] = Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (failure.Status == StatusCode.Unimplemented)
        {
            place[AcceptHeader] = MessageCompression.Accepted;
        }

        try
        {
            await http.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nobody is left to be told.
        }
    }

    /// <summary>Text as <c>grpc-message</c> carries it: UTF-8, with what is not printable ASCII in percent form.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (one is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                encoded.Append((char)one);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
            }
        }

        return encoded.ToString();
    }
}
