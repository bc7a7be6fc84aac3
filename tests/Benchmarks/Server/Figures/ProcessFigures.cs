using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>What a server takes besides processor time: memory, and the connections that it can hold.</summary>
internal sealed class ProcessFigures(Sides sides, BenchOptions options)
{
    private const double Megabyte = 1 << 20;
    private const int ManyConnections = 5000;
    private const int ManyRequests = 200_000;

    private static readonly Request Tabular = new(Bodies.Tabular(1));

    public IEnumerable<FigureEntry> All() =>
    [
        new(new("alloc_bytes_per_request", "bytes", AtMost: 512), AllocationsAsync),
        new(new("rss_over_bare_mb", "MB", AtMost: 60), ResidentAsync),
        new(new("connections_5000_failed", "requests", AtMost: 0), ConnectionsAsync),
    ];

    private async Task AllocationsAsync(Figure figure, CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(Tabular, connections: 32);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken, new ServeForm { TellsAllocations = true });
        using var bare = await sides.BareAsync(await Sides.AnswerBytesAsync(server, Tabular, cancellationToken), cancellationToken, tellsAllocations: true);
        figure.Print(await Rounds.DifferenceAsync(options.WarmUps, options.Rounds, () => BytesAsync(server), () => BytesAsync(bare)));

        async Task<double> BytesAsync(ServerProcess process)
        {
            var before = await process.AllocatedBytesAsync(cancellationToken);
            var (requests, _) = await load.RunAsync(process, BenchOptions.Run, cancellationToken);
            return (await process.AllocatedBytesAsync(cancellationToken) - before) / (double)requests;
        }
    }

    // One pair of processes: the interval is that of a memory that breathes, not of another start.
    private async Task ResidentAsync(Figure figure, CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(Tabular, connections: 32);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        using var bare = await sides.BareAsync(await Sides.AnswerBytesAsync(server, Tabular, cancellationToken), cancellationToken);
        foreach (var process in new[] { server, bare })
        {
            await RequireAllAsync(process, connections: 32, options.RequestsBeforeMemory, cancellationToken);
        }

        figure.Print(await Rounds.DifferenceAsync(warmUps: 0, options.Rounds, () => MegabytesAsync(server), () => MegabytesAsync(bare)));
        new Figure("rss_mb", "MB").Print(Interval.Exactly(server.ResidentBytes / Megabyte));

        async Task<double> MegabytesAsync(ServerProcess process)
        {
            await load.RunAsync(process, BenchOptions.Run, cancellationToken);
            return process.ResidentBytes / Megabyte;
        }
    }

    private async Task ConnectionsAsync(Figure figure, CancellationToken cancellationToken)
    {
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        await RequireAllAsync(server, connections: 32, 20_000, cancellationToken);
        figure.Print(Interval.Exactly(await new H2Load(Tabular, ManyConnections).FailedAsync(server, ManyRequests, cancellationToken)));
        new Figure("connections_5000_rss_mb", "MB").Print(Interval.Exactly(server.ResidentBytes / Megabyte));
    }

    private static async Task RequireAllAsync(ServerProcess process, int connections, int requests, CancellationToken cancellationToken)
    {
        if (await new H2Load(Tabular, connections).FailedAsync(process, requests, cancellationToken) is var failed && failed > 0)
        {
            throw new InvalidOperationException($"{failed} of {requests} requests over {connections} connections failed.");
        }
    }
}
