using System.Diagnostics;
using System.Net.Http.Json;
using Slipway.Api;
using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Fleet;

/// <summary>The reference: asks each pod for its window as often as it is told, reads the answer, and does nothing with it. It runs in a process of its own.</summary>
internal sealed class WindowClient : IDisposable
{
    /// <summary>What starts the process.</summary>
    public const string Word = "ask-windows";

    private readonly LoaderProcess _process = new(Word);

    public static Task<int> RunAsync(CancellationToken cancellationToken) =>
        LoaderProcess.AnswerAsync<WindowAsk, WindowAsked>(ask => AskAsync(ask, cancellationToken), cancellationToken);

    /// <returns>Seconds of its processor time for each window.</returns>
    public async Task<double> CpuAsync(int pods, CancellationToken cancellationToken) =>
        (await _process.AskAsync<WindowAsk, WindowAsked>(new(pods, FleetOperator.Workers), cancellationToken)).CpuSeconds / pods;

    public void Dispose() => _process.Dispose();

    private static async Task<WindowAsked> AskAsync(WindowAsk ask, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        var (to, before) = (TimeProvider.System.GetUtcNow(), Process.GetCurrentProcess().TotalProcessorTime);
        await Parallel.ForAsync(0, ask.Pods, new ParallelOptions { MaxDegreeOfParallelism = ask.AtATime, CancellationToken = cancellationToken }, async (pod, token) =>
        {
            var address = $"http://{WindowServer.Address(pod)}:{ServerContract.ManagementPort}{ServerContract.WindowPath}?from={to.AddDays(-1).ToUnixTimeSeconds()}&to={to.ToUnixTimeSeconds()}";
            _ = await client.GetFromJsonAsync<ServerWindow>(address, token) ?? throw new InvalidDataException($"{address} answers nothing.");
        });
        return new((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
    }
}

/// <param name="AtATime">Pods that are asked at the same time.</param>
internal sealed record WindowAsk(int Pods, int AtATime);

internal sealed record WindowAsked(double CpuSeconds);
