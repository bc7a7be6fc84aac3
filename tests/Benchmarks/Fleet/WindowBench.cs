using System.Text.Json.Nodes;
using Slipway.Benchmarks.Server;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Fleet;

/// <summary>What it costs the operator to ask the pods of many models at rest for their windows, beside a client that only asks.</summary>
internal static class WindowBench
{
    private static readonly Figure Windows = new("windows_per_modeldeployment_minute", "requests");
    private static readonly Figure Peak = new("windows_busiest_second_vs_mean", "ratio", AtMost: 2);
    private static readonly Figure Cpu = new("window_cpu_ms", "ms");
    private static readonly Figure VersusBare = new("window_cpu_vs_bare_client", "ratio", AtMost: 2);
    private static readonly Figure Cores = new("window_cores_at_1000", "cores");
    private static readonly Figure Memory = new("window_kb_per_modeldeployment", "KB");
    private static readonly Figure Writes = new("window_writes_per_minute", "writes", AtMost: 0);

    /// <summary>Looks at one model in a second, with the default window of a day.</summary>
    private const double DefaultLooksOfSecond = 1.0 / 300;

    private const int Models = 1000;

    public static async Task RunAsync(FleetOptions options, CancellationToken cancellationToken)
    {
        using var pods = await WindowServer.StartAsync(options.Few, cancellationToken);
        await using var api = await FleetApi.StartAsync(options.Few, cancellationToken, replicas: 1);
        using var process = await FleetOperator.StartAsync(api, cancellationToken);
        await api.AtRestAsync(FleetOperator.Agent, options.Few, cancellationToken);
        await FleetPods.CreateAsync(api.Client, options.Few, WindowServer.Address, cancellationToken);
        var ready = await api.AtRestAsync(FleetOperator.Agent, options.Few, cancellationToken);
        var idle = await IdleAsync(process, options.Idle, cancellationToken);
        var resident = process.ResidentBytes;
        await api.ChangeAsync(new JsonObject { ["monitoring"] = new JsonObject { ["drift"] = new JsonObject { ["window"] = options.Window } } }, options.Few, cancellationToken);
        await api.AtRestAsync(FleetOperator.Agent, FleetApi.Writes(ready).Count + options.Few, cancellationToken);

        var before = api.Asked;
        var began = await pods.AskedAsync(cancellationToken);
        List<double> costs = [];
        for (var look = 0; look < options.Looks; look++)
        {
            var asked = (await pods.AskedAsync(cancellationToken)).Sum();
            var used = (await CpuOfSecondAsync(process, options.Pace, cancellationToken) - idle) * options.Pace.TotalSeconds;
            costs.Add(used / ((await pods.AskedAsync(cancellationToken)).Sum() - asked));
        }

        var seconds = await pods.AskedAsync(cancellationToken);
        var minutes = options.Looks * options.Pace.TotalMinutes;
        var rate = (seconds.Sum() - began.Sum()) / minutes;
        Windows.Print(Interval.Exactly(rate / options.Few));
        Peak.Print(Interval.Exactly(seconds.Skip(began.Count).Max() * 60 / rate));
        Cpu.Print(Interval.Of([.. costs.Select(cost => 1000 * cost)]));
        Cores.Print(Interval.Of([.. costs.Select(cost => cost * Models * DefaultLooksOfSecond)]));
        Memory.Print(Interval.Exactly((process.ResidentBytes - resident) / 1024.0 / options.Few));
        Writes.Print(Interval.Exactly(FleetApi.Writes(api.Of(FleetOperator.Agent, before)).Count / minutes));
        VersusBare.Print(Interval.Of(await RatiosAsync(costs, options.Few, cancellationToken)));
    }

    private static async Task<List<double>> RatiosAsync(List<double> costs, int pods, CancellationToken cancellationToken)
    {
        using var client = new WindowClient();
        // Not counted: it is compiled meanwhile.
        await client.CpuAsync(pods, cancellationToken);
        List<double> ratios = [];
        foreach (var cost in costs)
        {
            ratios.Add(cost / await client.CpuAsync(pods, cancellationToken));
        }

        return ratios;
    }

    /// <summary>The least of a few stretches: right after so many changes code is still compiled anew, and garbage collected, in some of them.</summary>
    private static async Task<double> IdleAsync(ServerProcess process, TimeSpan length, CancellationToken cancellationToken)
    {
        const int Stretches = 3;
        var least = double.MaxValue;
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            least = Math.Min(least, await CpuOfSecondAsync(process, length / Stretches, cancellationToken));
        }

        return least;
    }

    private static async Task<double> CpuOfSecondAsync(ServerProcess process, TimeSpan length, CancellationToken cancellationToken)
    {
        var (before, began) = (process.CpuSeconds, TimeProvider.System.GetTimestamp());
        await Task.Delay(length, cancellationToken);
        return (process.CpuSeconds - before) / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }
}
