using Slipway.Benchmarks.Server;
using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.Benchmarks.Fleet;

/// <summary><c>bench operator</c>: what an operator asks of the API server for many models, and what it costs beside a client that only applies; one JSON line a figure.</summary>
internal static class FleetBench
{
    private static readonly Figure WritesOverChildren = new("writes_per_modeldeployment_over_children", "writes", AtMost: 3);
    private static readonly Figure SteadyWrites = new("steady_writes_per_minute", "writes", AtMost: 0);
    private static readonly Figure RestartWrites = new("restart_writes", "writes", AtMost: 0);
    private static readonly Figure Memory = new("kb_per_modeldeployment", "KB", AtMost: 60);
    private static readonly Figure Growth = new("growth_5000_over_1000", "ratio", AtMost: 5.5);
    private static readonly Figure VersusBare = new("converge_1000_vs_bare_client", "ratio", AtMost: 1.3);

    public static async Task<int> RunAsync(FleetOptions options, CancellationToken cancellationToken)
    {
        if (!options.WindowsAlone)
        {
            await BringAboutAsync(options, cancellationToken);
        }

        await WindowBench.RunAsync(options, cancellationToken);
        return 0;
    }

    private static async Task BringAboutAsync(FleetOptions options, CancellationToken cancellationToken)
    {
        // Not counted: the API server, which is in this process, compiles itself while it answers the first.
        await ConvergeAsync(options.Few, cancellationToken);
        List<double> ratios = [], few = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            few.Add(await ConvergeAsync(options.Few, cancellationToken));
            ratios.Add(few[^1] / await ApplyAsync(options.Few, cancellationToken));
        }

        VersusBare.Print(Interval.Of(ratios));
        var least = await AtRestAsync(options.Few, options, judged: false, cancellationToken);
        var most = await AtRestAsync(options.Many, options, judged: true, cancellationToken);
        Memory.Print(Interval.Exactly((most.ResidentBytes - least.ResidentBytes) / 1024.0 / (options.Many - options.Few)));
        Growth.Print(Interval.Of([.. few.Select(seconds => most.Seconds / seconds)]));
    }

    private static async Task<double> ConvergeAsync(int models, CancellationToken cancellationToken)
    {
        await using var api = await FleetApi.StartAsync(models, cancellationToken);
        using var process = await FleetOperator.StartAsync(api, cancellationToken);
        return Seconds(FleetApi.Writes(await api.AtRestAsync(FleetOperator.Agent, models, cancellationToken)));
    }

    private static async Task<double> ApplyAsync(int models, CancellationToken cancellationToken)
    {
        await using var api = await FleetApi.StartAsync(models, cancellationToken);
        await BareClient.ApplyAsync(api, models, cancellationToken);
        return Seconds(api.Of(BareClient.Agent));
    }

    /// <summary>Converges, then watches the operator at rest, then starts another one in its place.</summary>
    /// <param name="judged">Prints what is counted.</param>
    private static async Task<(double Seconds, long ResidentBytes)> AtRestAsync(int models, FleetOptions options, bool judged, CancellationToken cancellationToken)
    {
        await using var api = await FleetApi.StartAsync(models, cancellationToken);
        IReadOnlyList<ObservedRequest> requests;
        int before;
        long resident;
        using (var process = await FleetOperator.StartAsync(api, cancellationToken))
        {
            requests = await api.AtRestAsync(FleetOperator.Agent, models, cancellationToken);
            before = api.Asked;
            await Task.Delay(options.Steady, cancellationToken);
            resident = process.ResidentBytes;
        }

        if (judged)
        {
            SteadyWrites.Print(Interval.Exactly(Math.Round(FleetApi.Writes(api.Of(FleetOperator.Agent, before)).Count / options.Steady.TotalMinutes)));
            before = api.Asked;
            using (await FleetOperator.StartAsync(api, cancellationToken))
            {
                await api.AtRestAsync(FleetOperator.Agent, 0, cancellationToken);
                RestartWrites.Print(Interval.Exactly(FleetApi.Writes(api.Of(FleetOperator.Agent, before)).Count));
            }

            foreach (var verb in requests.CountBy(request => request.Verb).OrderBy(verb => verb.Key, StringComparer.Ordinal))
            {
                new Figure($"requests_per_modeldeployment_{verb.Key.ToLowerInvariant()}", "requests").Print(Interval.Exactly((double)verb.Value / models));
            }

            var children = await BareClient.ChildrenAsync(cancellationToken);
            WritesOverChildren.Print(Interval.Exactly(((double)FleetApi.Writes(requests).Count / models) - children));
        }

        return (Seconds(FleetApi.Writes(requests)), resident);
    }

    /// <summary>From the first to the last.</summary>
    private static double Seconds(IReadOnlyList<ObservedRequest> writes) => (writes.Max(request => request.Time) - writes.Min(request => request.Time)).TotalSeconds;
}
