using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Slipway.BareServer;

/// <summary>
/// What the model server is measured against: the same Kestrel, published the same way, with the same limits, that reads a body and answers
/// as many bytes as it is told to, over HTTP/1.1 and, at a port of its own, as the message of a gRPC call. It stays as it is, so that ratios
/// of different days can be compared.
/// </summary>
internal static class Program
{
    private const int GrpcPrefixBytes = 5;

    private static async Task<int> Main(string[] args)
    {
        if (args is not [var portText, var sizeText, var grpcPortText]
            || !int.TryParse(portText, CultureInfo.InvariantCulture, out var port)
            || !int.TryParse(sizeText, CultureInfo.InvariantCulture, out var size)
            || !int.TryParse(grpcPortText, CultureInfo.InvariantCulture, out var grpcPort))
        {
            await Console.Error.WriteLineAsync("usage: bare-server PORT ANSWER-BYTES GRPC-PORT");
            return 2;
        }

        var answer = Enumerable.Repeat((byte)' ', size).ToArray();
        var message = Message(answer);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 20;
            kestrel.Listen(IPAddress.Loopback, port, options => options.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, grpcPort, options => options.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.Run(http => http.Connection.LocalPort == port ? AnswerAsync(http, answer, asCall: false) : AnswerAsync(http, message, asCall: true));
        await app.StartAsync();
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static byte[] Message(byte[] answer)
    {
        var message = new byte[GrpcPrefixBytes + answer.Length];
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), (uint)answer.Length);
        answer.CopyTo(message, GrpcPrefixBytes);
        return message;
    }

    /// <param name="asCall">Whether it is the message of a gRPC call.</param>
    private static async Task AnswerAsync(HttpContext http, byte[] answer, bool asCall)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (asCall)
        {
            http.Response.ContentType = "application/grpc";
            http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
        }
        else
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
        }

        await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
    }
}
