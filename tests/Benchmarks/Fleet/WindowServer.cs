using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Slipway.Api;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Fleet;

/// <summary>
/// The management ports of all pods of a fleet, in a process of its own. Each pod has its address, and closes a connection after one answer:
/// the default window is looked at so seldom that no connection lives until the next look.
/// </summary>
internal sealed class WindowServer(ServerProcess process) : IDisposable
{
    private const string AskedPath = "/asked";
    private const int PodsOfSubnet = 250;

    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{process.Port}") };

    /// <summary>Of one pod.</summary>
    public static IPAddress Address(int pod) => new([127, 77, (byte)(pod / PodsOfSubnet), (byte)(1 + (pod % PodsOfSubnet))]);

    public static async Task<WindowServer> StartAsync(int pods, CancellationToken cancellationToken) => new(await ServerProcess.StartAsync(
        Environment.ProcessPath!,
        ports => ["windows", pods.ToString(CultureInfo.InvariantCulture), ports.Http.ToString(CultureInfo.InvariantCulture)],
        static () => new(HttpMethod.Get, AskedPath),
        cancellationToken));

    /// <summary>The process itself.</summary>
    public static async Task<int> RunAsync(int pods, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            for (var pod = 0; pod < pods; pod++)
            {
                kestrel.Listen(Address(pod), ServerContract.ManagementPort);
            }
        });
        await using var app = builder.Build();
        var (status, windows, asked) = (WindowAnswers.Status(), WindowAnswers.Windows(TimeProvider.System.GetUtcNow()), new AskedCount());
        app.Run(http => http.Request.Path.Value switch
        {
            ServerContract.StatusPath => AnswerAsync(http, status),
            ServerContract.WindowPath => AnswerAsync(http, windows[asked.Next() % windows.Count]),
            AskedPath => http.Response.WriteAsJsonAsync(asked.OfSeconds(), http.RequestAborted),
            _ => throw new BadHttpRequestException("There is nothing here."),
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Windows that were asked in each second since it began.</summary>
    public async Task<IReadOnlyList<int>> AskedAsync(CancellationToken cancellationToken) => await _client.GetFromJsonAsync<int[]>(AskedPath, cancellationToken) ?? [];

    public void Dispose()
    {
        _client.Dispose();
        process.Dispose();
    }

    private static async Task AnswerAsync(HttpContext http, byte[] json)
    {
        http.Response.Headers.Connection = "close";
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json, http.RequestAborted);
    }

    private sealed class AskedCount
    {
        private readonly Lock _gate = new();
        private readonly List<int> _seconds = [];
        private readonly long _began = TimeProvider.System.GetTimestamp();
        private int _all;

        /// <returns>How many there were before.</returns>
        public int Next()
        {
            lock (_gate)
            {
                Reach();
                _seconds[^1]++;
                return _all++;
            }
        }

        public int[] OfSeconds()
        {
            lock (_gate)
            {
                Reach();
                return [.. _seconds];
            }
        }

        private void Reach()
        {
            var now = (int)TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
            _seconds.AddRange(Enumerable.Repeat(0, now + 1 - _seconds.Count));
        }
    }
}
