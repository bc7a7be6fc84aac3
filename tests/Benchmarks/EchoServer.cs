using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Slipway.Benchmarks;

/// <summary>Kestrel and nothing else: reads the body and answers 150 bytes.</summary>
internal static class EchoServer
{
    private static readonly byte[] Answer = [.. Enumerable.Repeat((byte)' ', 150)];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(async http =>
        {
            while (true)
            {
                var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            http.Response.ContentLength = Answer.Length;
            await http.Response.BodyWriter.WriteAsync(Answer, http.RequestAborted);
        });
        await app.StartAsync(cancellationToken);
        var port = new Uri(app.Urls.First()).Port;
        await Console.Out.WriteLineAsync($"port {port}");
        return await Allocations.TellAsync(cancellationToken);
    }
}
