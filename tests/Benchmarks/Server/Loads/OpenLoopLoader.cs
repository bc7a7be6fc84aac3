using System.Globalization;
using System.Text;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>
/// <c>load-open</c>: requests at a fixed rate, however slowly they are answered. h2load's rate waits for answers once its connections are
/// taken and measures from when it sends, which hides what a client would have waited; so this loader is our own.
/// </summary>
internal static class OpenLoopLoader
{
    public static Task<int> RunAsync(CancellationToken cancellationToken) => LoaderProcess.AnswerAsync<OpenLoopAsk, OpenLoopAnswer>(
        ask =>
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new PlatformNotSupportedException("The loader at a fixed rate runs on Linux.");
            }

            using var run = new OpenLoopRun(ask, Message(ask));
            return Task.FromResult(run.Run());
        },
        cancellationToken);

    private static byte[] Message(OpenLoopAsk ask) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {Request.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {ask.Body.Length}\r\n\r\n")),
        .. ask.Body,
    ];
}

/// <param name="Rate">Requests a second.</param>
internal sealed record OpenLoopAsk(int Port, byte[] Body, int Connections, double Rate, double Seconds, double DeadlineSeconds, int Seed);

/// <summary>A load at a fixed rate, driven by our own loader.</summary>
internal sealed class OpenLoopLoad(Request request, int connections) : IDisposable
{
    private readonly LoaderProcess _loader = new("load-open");
    private int _runs;

    public Task<OpenLoopAnswer> RunAsync(ServerProcess server, double rate, TimeSpan duration, TimeSpan deadline, CancellationToken cancellationToken) =>
        _loader.AskAsync<OpenLoopAsk, OpenLoopAnswer>(
            new(server.Port, request.Body, connections, rate, duration.TotalSeconds, deadline.TotalSeconds, Seed: ++_runs), cancellationToken);

    public void Dispose() => _loader.Dispose();
}
