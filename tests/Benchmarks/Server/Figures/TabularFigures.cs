using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>The tabular model over REST, where what is not the model is nearly all of the cost.</summary>
internal sealed class TabularFigures(Sides sides, BenchOptions options)
{
    /// <summary>The reference against itself: how far a ratio strays on this machine when there is nothing to see.</summary>
    public FigureEntry Control() => Entry(
        new("control_cpu_a_vs_a", "ratio"), token => AgainstBareAsync(new(Bodies.Tabular(1)), connections: 32, token, control: true));

    public IEnumerable<FigureEntry> All()
    {
        var (binary, header) = Bodies.TabularBinary(32);
        return
        [
            Entry(new("tabular_json_c32_cpu_vs_bare", "ratio", AtMost: 1.6), token => AgainstBareAsync(new(Bodies.Tabular(1)), connections: 32, token)),
            Entry(new("tabular_json_c1_cpu_vs_bare", "ratio", AtMost: 1.6), token => AgainstBareAsync(new(Bodies.Tabular(1)), connections: 1, token)),
            Entry(new("tabular_json_c256_cpu_vs_bare", "ratio"), token => AgainstBareAsync(new(Bodies.Tabular(1)), connections: 256, token)),
            Entry(new("tabular_json_rows32_cpu_vs_reader", "ratio", AtMost: 0.5), AgainstReaderAsync),
            Entry(new("tabular_binary_rows32_cpu_vs_bare", "ratio", AtMost: 2.0), token => AgainstBareAsync(new(binary, header), connections: 32, token)),
        ];
    }

    private static FigureEntry Entry(Figure figure, Func<CancellationToken, Task<(Interval Cpu, Interval Throughput)>> measure) =>
        new(figure, async (_, token) => Comparison.Print(figure, await measure(token)));

    private async Task<(Interval, Interval)> AgainstBareAsync(Request request, int connections, CancellationToken cancellationToken, bool control = false)
    {
        using var load = new WrkLoad(request, connections);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        using var bare = await sides.BareAsync(await Sides.AnswerBytesAsync(server, request, cancellationToken), cancellationToken);
        return await Rounds.CompareAsync(
            options.WarmUps,
            options.Rounds,
            () => Sides.MeasureAsync(control ? bare : server, load, cancellationToken),
            () => Sides.MeasureAsync(bare, load, cancellationToken));
    }

    private async Task<(Interval, Interval)> AgainstReaderAsync(CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(new(Bodies.Tabular(32)), connections: 32);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        using var reader = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken, new ServeForm { Build = "server-reader" });
        return await Rounds.CompareAsync(
            options.WarmUps, options.Rounds, () => Sides.MeasureAsync(server, load, cancellationToken), () => Sides.MeasureAsync(reader, load, cancellationToken));
    }
}
