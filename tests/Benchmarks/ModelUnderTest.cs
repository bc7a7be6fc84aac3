using System.Net;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer;
using Slipway.ModelServer.Configuration;

namespace Slipway.Benchmarks;

/// <summary>The model server as it is, in a process of its own.</summary>
internal static class ModelUnderTest
{
    public static async Task<int> RunAsync(string folder, Func<ModelServerHost, int> port, CancellationToken cancellationToken)
    {
        var settings = new ServerSettings
        {
            Model = "m",
            Uri = new Uri($"file://{folder}/models"),
            Version = "1",
            BindAddress = IPAddress.Loopback,
            HttpPort = 0,
            GrpcPort = 0,
            ManagementPort = 0,
            CacheDirectory = Path.Combine(folder, "cache"),
        };
        await using var host = await ModelServerHost.StartAsync(
            settings, logging => logging.SetMinimumLevel(LogLevel.None), TimeProvider.System, cancellationToken);
        await host.LoadAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"port {port(host)}");
        return await Allocations.TellAsync(cancellationToken);
    }
}
