using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Slipway.BareServer;

/// <summary>
/// What the model server is measured against: the same Kestrel, published the same way, with the same limits, that reads a body and answers
/// as many bytes as it is told to. It stays as it is, so that ratios of different days can be compared.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not [var portText, var sizeText]
            || !int.TryParse(portText, CultureInfo.InvariantCulture, out var port) || !int.TryParse(sizeText, CultureInfo.InvariantCulture, out var size))
        {
            await Console.Error.WriteLineAsync("usage: bare-server PORT ANSWER-BYTES");
            return 2;
        }

        var answer = Enumerable.Repeat((byte)' ', size).ToArray();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 20;
            kestrel.Listen(IPAddress.Loopback, port, options => options.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(http => AnswerAsync(http, answer));
        await app.StartAsync();
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http, byte[] answer)
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

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
    }
}
