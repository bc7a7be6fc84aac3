using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>Whether batching, left to itself, does what the better of switching it on and off would do.</summary>
internal sealed class BatchingFigures(Sides sides, BenchOptions options)
{
    private const string On = "batching: {mode: On}\n";
    private const string Off = "batching: {mode: Off}\n";

    public IEnumerable<FigureEntry> All() => [new(new("auto_vs_best_mode", "ratio", AtMost: 1.1), WorstAsync)];

    private async Task WorstAsync(Figure figure, CancellationToken cancellationToken)
    {
        (string Name, byte[] Model, Request Request, int Connections, string[] Others, int WarmUps)[] models =
        [
            ("tabular", BenchModels.Tabular(), new(Bodies.Tabular(1)), 32, [Off, On], options.WarmUps),
            ("recommender", BenchModels.Recommender(), new(Bodies.Recommender()), 32, [Off, On], options.WarmUps),
            ("encoder", BenchModels.Encoder(), new(Bodies.Encoder()), 8, [Off, On], 1),

            // Its first axis is fixed, so that On is refused.
            ("vision", BenchModels.Vision(), VisionBinary(), 8, [Off], 1),
        ];
        var worst = Interval.Exactly(0);
        foreach (var (name, model, request, connections, others, warmUps) in models)
        {
            var ratio = await AgainstBestAsync(model, request, connections, others, warmUps, cancellationToken);
            new Figure($"{figure.Name}_{name}", "ratio").Print(ratio);
            worst = ratio.Value > worst.Value ? ratio : worst;
        }

        figure.Print(worst);
    }

    private static Request VisionBinary()
    {
        var (body, header) = Bodies.VisionBinary();
        return new(body, header);
    }

    private async Task<Interval> AgainstBestAsync(byte[] model, Request request, int connections, string[] others, int warmUps, CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(request, connections);
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var modelYaml in others.Prepend(""))
            {
                servers.Add(await sides.ServeAsync(model, cancellationToken, new ServeForm { ModelYaml = modelYaml }));
            }

            var cpu = await Rounds.CpuAsync(
                warmUps, options.Rounds, [.. servers.Select<ServerProcess, Func<Task<Measurement>>>(server => () => Sides.MeasureAsync(server, load, cancellationToken))]);
            return BestMode.Ratio(cpu[0], cpu[1..]);
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }
}
