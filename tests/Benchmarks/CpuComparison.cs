namespace Slipway.Benchmarks;

/// <summary>Processor time of a whole request over the wire to one server, beside that to another, while they take turns.</summary>
internal sealed record CpuComparison(double Ratio, double Least, double Most, int Rounds)
{
    private const int MostRounds = 6;
    private const int WarmUpRequests = 20_000;
    private const int Requests = 20_000;
    private const string Path = "/v2/models/m/infer";

    public static async Task<CpuComparison> MeasureAsync(HttpSide without, HttpSide with, CancellationToken cancellationToken)
    {
        var body = Bodies.Tabular(rows: 1);
        await without.SendAsync(Path, body, WarmUpRequests, cancellationToken);
        await with.SendAsync(Path, body, WarmUpRequests, cancellationToken);
        var ratios = new List<double>();
        for (var round = 0; round < MostRounds; round++)
        {
            // A-B-B-A, so that a machine that becomes slower meets both alike.
            var first = await without.CostAsync(Path, body, Requests, cancellationToken);
            var second = await with.CostAsync(Path, body, 2 * Requests, cancellationToken);
            var third = await without.CostAsync(Path, body, Requests, cancellationToken);
            ratios.Add(2 * second.Seconds / (first.Seconds + third.Seconds));
        }

        ratios.Sort();
        return new((ratios[(MostRounds - 1) / 2] + ratios[MostRounds / 2]) / 2, ratios[0], ratios[^1], MostRounds);
    }

    public void Print(string name, string what) =>
        Console.WriteLine(FormattableString.Invariant($"{name}: {Ratio:F3} ({what}; {Least:F3} to {Most:F3} over {Rounds} rounds)"));
}
