using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>The tabular model over gRPC, beside the framework's own gRPC server and beside HTTP/2 without any gRPC.</summary>
internal sealed class GrpcFigures(Sides sides, BenchOptions options)
{
    public IEnumerable<FigureEntry> All() =>
    [
        Entry(new("tabular_grpc_4x8_cpu_vs_bare", "ratio", AtMost: 1.4), (_, token) => Sides.GrpcEchoAsync(token)),
        Entry(new("tabular_grpc_4x8_cpu_vs_bare_http2", "ratio"), (bytes, token) => sides.BareAsync(bytes, token)),
    ];

    /// <param name="startBare">Starts the reference, given the length of the server's answer.</param>
    private FigureEntry Entry(Figure figure, Func<int, CancellationToken, Task<ServerProcess>> startBare) => new(figure, async (_, token) =>
    {
        using var load = new GrpcLoad(Bodies.TabularMessage(), connections: 4, callsInFlight: 8);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), token);
        using var bare = await startBare(await load.MessageBytesAsync(server, token), token);
        Comparison.Print(figure, await Rounds.CompareAsync(
            options.WarmUps, options.Rounds, () => Sides.MeasureAsync(server, load, token), () => Sides.MeasureAsync(bare, load, token)));
    });
}
