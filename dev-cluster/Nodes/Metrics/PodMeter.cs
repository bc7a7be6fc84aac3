using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>Measures every running pod at an interval: what its processes use, and what its server counts.</summary>
internal sealed class PodMeter(Kubelet kubelet, NodeOptions options, MetricsClient client, TimeProvider clock, ILogger<PodMeter> logger) : BackgroundService, IPodMetrics
{
    private const int Parallel = 8;

    private volatile ImmutableDictionary<string, PodReading> _readings = ImmutableDictionary<string, PodReading>.Empty;

    public IReadOnlyList<string> Figures => ServerFigures.Names;

    public PodFigure? Figure(string uid, string name)
    {
        var now = clock.GetUtcNow();
        return _readings.TryGetValue(uid, out var reading) && ServerFigures.Of(name, reading.Scrapes, now, options.MetricsWindow) is { } value
            ? new(value, now, options.MetricsWindow)
            : null;
    }

    public PodUsage? Usage(string uid) => _readings.GetValueOrDefault(uid)?.Usage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.MetricsPeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await MeasureAsync(stoppingToken);
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var running = kubelet.Running();
        if (running.Count == 0)
        {
            _readings = _readings.Clear();
            return;
        }

        var table = ProcessTable.Read();
        var now = clock.GetUtcNow();
        var scrapes = new Scrape?[running.Count];
        await System.Threading.Tasks.Parallel.ForAsync(
            0,
            running.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, token) => scrapes[index] = await ScrapeAsync(running[index], token));
        _readings = running.Select((pod, index) => KeyValuePair.Create(
                pod.Uid,
                _readings.GetValueOrDefault(pod.Uid, PodReading.None).With(pod, table, now).With(scrapes[index], now - options.MetricsWindow)))
            .ToImmutableDictionary();
    }

    /// <summary>Null when there is no answer: a pod that starts or ends has none, and what was read before stays.</summary>
    private async Task<Scrape?> ScrapeAsync(RunningPod pod, CancellationToken cancellationToken)
    {
        try
        {
            return pod.Metrics is { } address ? await client.ReadAsync(address, ServerFigures.Counters, cancellationToken) : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ScrapeFailed(logger, pod.Namespace, pod.Name, exception.Message);
            return null;
        }
    }
}
