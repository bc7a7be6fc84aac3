using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>From the start of the process to its first prediction, every time with a cache that holds nothing.</summary>
internal sealed class StartFigures(Sides sides, BenchOptions options)
{
    public IEnumerable<FigureEntry> All() => [new(new("start_vs_jit", "ratio", AtMost: 0.6), MeasureAsync)];

    private async Task MeasureAsync(Figure figure, CancellationToken cancellationToken)
    {
        // The first starts read the programs from disk and compile the client that waits for them.
        await StartAsync("server-jit");
        await StartAsync(Sides.Published);
        var milliseconds = new List<double>();
        var (_, rate) = await Rounds.CompareAsync(
            warmUps: 0,
            options.Rounds,
            () => StartAsync("server-jit"),
            async () =>
            {
                var start = await StartAsync(Sides.Published);
                milliseconds.Add(1e3 / start.UnitsPerSecond);
                return start;
            });
        figure.Print(rate);
        new Figure("start_to_first_prediction", "ms").Print(Interval.Of(milliseconds));

        async Task<Measurement> StartAsync(string build)
        {
            var request = new Request(Bodies.Tabular(1));
            using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken, new ServeForm { Build = build, Probe = request.ToMessage });
            return new(double.NaN, 1 / server.StartedIn.TotalSeconds);
        }
    }
}
