using System.Net;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Drift;

namespace Slipway.Benchmarks;

/// <summary>The model server as it is, in a process of its own.</summary>
internal static class ModelUnderTest
{
    /// <summary>Lays a model where <see cref="RunAsync"/> looks for it.</summary>
    public static async Task<string> WriteAsync(DirectoryInfo folder, byte[] model, Baseline? baseline, CancellationToken cancellationToken)
    {
        var version = folder.CreateSubdirectory("models").CreateSubdirectory("1").FullName;
        await File.WriteAllBytesAsync(Path.Combine(version, "model.onnx"), model, cancellationToken);
        if (baseline is not null)
        {
            BaselineFile.Write(Path.Combine(version, BaselineFile.FileName), baseline);
        }

        return folder.FullName;
    }

    /// <param name="requestLog">Which requests get a line on standard error, where nothing else is logged.</param>
    public static async Task<int> RunAsync(string folder, Func<ModelServerHost, int> port, CancellationToken cancellationToken, RequestLogging requestLog = RequestLogging.None)
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
            Live = new() { RequestLog = requestLog },
        };
        await using var host = await ModelServerHost.StartAsync(
            settings, logging => Logs.Configure(logging, LogLevel.None), TimeProvider.System, cancellationToken);
        await host.LoadAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"port {port(host)}");
        return await Allocations.TellAsync(cancellationToken);
    }
}
