using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>The tabular model over gRPC.</summary>
internal sealed class GrpcFigures(Sides sides, BenchOptions options)
{
    public IEnumerable<FigureEntry> All() =>
    [
        new(new("tabular_grpc_4x8_cpu_vs_bare", "ratio", AtMost: 1.4), async (figure, token) => Comparison.Print(figure, await MeasureAsync(token))),
    ];

    private async Task<(Interval, Interval)> MeasureAsync(CancellationToken cancellationToken)
    {
        using var load = new GrpcLoad(Bodies.TabularMessage(), connections: 4, callsInFlight: 8);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        using var bare = await sides.BareAsync(await load.MessageBytesAsync(server, cancellationToken), cancellationToken);
        return await Rounds.CompareAsync(
            options.WarmUps, options.Rounds, () => Sides.MeasureAsync(server, load, cancellationToken), () => Sides.MeasureAsync(bare, load, cancellationToken));
    }
}
