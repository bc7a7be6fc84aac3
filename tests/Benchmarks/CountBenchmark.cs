using System.Diagnostics;
using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;

namespace Slipway.Benchmarks;

/// <summary>What the sums of the statistics extension add to what is counted of a request anyway.</summary>
internal static class CountBenchmark
{
    private const int Turns = 2_000_000;
    private const int Repeats = 5;

    private static readonly TimeSpan Took = TimeSpan.FromMicroseconds(20);

    public static void Run()
    {
        using var server = new ServerMetrics("m", new LiveState(new()));
        var metrics = server.Of("1");
        var all = Fastest(() =>
        {
            metrics.Ran(Took, rows: 1);
            metrics.Requested(Protocol.Rest, ErrorCode.Ok, Took);
        });
        var sums = Fastest(() =>
        {
            metrics.Statistics.Read(Took);
            metrics.Statistics.Ran(Took, rows: 1, calls: 1, joining: TimeSpan.Zero);
            metrics.Statistics.Wrote(Took);
            metrics.Statistics.Ended(well: true, Took);
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"count: the statistics of a request take {sums:F0} ns, all that is counted of it without listeners {all:F0} ns"));
    }

    private static double Fastest(Action turn)
    {
        var fastest = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Turns; i++)
            {
                turn();
            }

            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Turns);
        }

        return fastest;
    }
}
