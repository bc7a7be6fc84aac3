using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>Requests that come at their own rate and not when the last one is answered: below the peak, and at twice the peak.</summary>
internal sealed class OpenLoopFigures(Sides sides, BenchOptions options)
{
    private const double BelowPeak = 0.7;
    private const double AbovePeak = 2;
    private const int PeakRuns = 3;

    // Enough that a request waits for the server and not for a connection.
    private const int Connections = 128;
    private const int CrowdedConnections = 1024;

    private static readonly TimeSpan UsualDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortDeadline = TimeSpan.FromMilliseconds(500);

    public IEnumerable<FigureEntry> All() =>
    [
        new(new("tabular_open_loop_p99_over_p50", "ratio", AtMost: 8), (figure, token) => TailAsync(figure, BenchModels.Tabular(), new(Bodies.Tabular(1)), peakConnections: 32, token)),
        new(new("encoder_open_loop_p99_over_p50", "ratio", AtMost: 4), (figure, token) => TailAsync(figure, BenchModels.Encoder(), new(Bodies.Encoder()), peakConnections: 8, token)),
        new(new("overload_2x_goodput_vs_peak", "ratio", AtLeast: 0.85), OverloadAsync),
    ];

    private async Task TailAsync(Figure figure, byte[] model, Request request, int peakConnections, CancellationToken cancellationToken)
    {
        using var server = await sides.ServeAsync(model, cancellationToken);
        using var closed = new WrkLoad(request, peakConnections);
        using var open = new OpenLoopLoad(request, Connections);
        for (var warmUp = 0; warmUp < options.WarmUps; warmUp++)
        {
            await Sides.MeasureAsync(server, closed, cancellationToken);
        }

        var rate = BelowPeak * await PeakAsync(server, closed, cancellationToken);
        await open.RunAsync(server, rate, BenchOptions.Run, UsualDeadline, cancellationToken);
        List<double> tails = [], p99s = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            var answer = await open.RunAsync(server, rate, options.OpenRun, UsualDeadline, cancellationToken);
            if (answer.Ok < answer.Due)
            {
                throw new InvalidOperationException($"requests failed below the peak: {answer}");
            }

            tails.Add(answer.P99 / answer.Median);
            p99s.Add(answer.P99 * 1e3);
        }

        figure.Print(Interval.Of(tails));
        new Figure(figure.Name.Replace("_over_p50", "", StringComparison.Ordinal), "ms").Print(Interval.Of(p99s));
        new Figure(figure.Name.Replace("p99_over_p50", "rate", StringComparison.Ordinal), "requests/s").Print(Interval.Exactly(rate));
    }

    // The encoder, since the machine that serves has to make the load too: twice the peak of a small model would be more than it can send.
    private async Task OverloadAsync(Figure figure, CancellationToken cancellationToken)
    {
        var request = new Request(Bodies.Encoder());
        using var server = await sides.ServeAsync(BenchModels.Encoder(), cancellationToken, new ServeForm { Arguments = ["--request-timeout", $"{ShortDeadline.TotalMilliseconds}ms"] });
        using var closed = new WrkLoad(request, connections: 8);
        using var open = new OpenLoopLoad(request, CrowdedConnections);
        var rate = AbovePeak * await PeakAsync(server, closed, cancellationToken);
        long late = 0, refused = 0, due = 0;
        var (_, goodput) = await Rounds.CompareAsync(
            warmUps: 0,
            options.Rounds,
            async () =>
            {
                var answer = await open.RunAsync(server, rate, options.OpenRun, ShortDeadline, cancellationToken);
                if (answer.Failed > 0)
                {
                    throw new InvalidOperationException($"requests met another end than an answer, a refusal or their deadline: {answer}");
                }

                late += answer.Late + answer.Expired + answer.Lost;
                refused += answer.Refused;
                due += answer.Due;
                return new(double.NaN, answer.Goodput);
            },
            () => Sides.MeasureAsync(server, closed, cancellationToken));
        figure.Print(goodput);
        new Figure("overload_2x_accepted_past_deadline", "requests", AtMost: 0).Print(Interval.Exactly(late));
        new Figure("overload_2x_refused_share", "ratio").Print(Interval.Exactly(refused / (double)due));
    }

    private static async Task<double> PeakAsync(ServerProcess server, WrkLoad closed, CancellationToken cancellationToken)
    {
        var rates = new List<double>();
        await Sides.MeasureAsync(server, closed, cancellationToken);
        for (var run = 0; run < PeakRuns; run++)
        {
            rates.Add((await Sides.MeasureAsync(server, closed, cancellationToken)).UnitsPerSecond);
        }

        return Interval.Of(rates).Value;
    }
}
