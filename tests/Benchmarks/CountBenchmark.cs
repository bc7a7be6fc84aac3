using System.Diagnostics;
using System.Globalization;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;

namespace Slipway.Benchmarks;

/// <summary>What the statistics extension and the window add to what is counted of a request, and what reading a full window takes.</summary>
internal static class CountBenchmark
{
    private const int Turns = 2_000_000;
    private const int Repeats = 5;

    private static readonly TimeSpan Took = TimeSpan.FromMicroseconds(20);

    public static void Run()
    {
        using var server = new ServerMetrics("m", new LiveState(new()), TimeProvider.System);
        var metrics = server.Of("1");
        var all = Fastest(() =>
        {
            metrics.Ran(Took, rows: 1);
            metrics.Requested(Protocol.Rest, ErrorCode.Ok, Took, wasWhole: true);
        });
        var sums = Fastest(() =>
        {
            metrics.Statistics.Read(Took);
            metrics.Statistics.Ran(Took, rows: 1, calls: 1, joining: TimeSpan.Zero);
            metrics.Statistics.Wrote(Took);
            metrics.Statistics.Ended(well: true, Took);
        });
        var latency = new StripedCounters(LatencyBuckets.Count);
        var ring = new WindowRing(TimeProvider.System, WindowRing.MostBytes);
        ring.Add("1", latency);
        var window = Fastest(() =>
        {
            ring.Turn();
            latency.Add(LatencyBuckets.Index(Took));
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"count: the statistics of a request take {sums:F0} ns, the window {window:F0} ns, all that is counted of it without listeners {all:F0} ns"));
        var (minutes, milliseconds) = ReadFull();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"count: a full window of {WindowRing.MostBytes} bytes holds {minutes} busy minutes and is read in {milliseconds:F1} ms"));
    }

    /// <summary>Fills the room of a window with minutes in which every code and bucket was counted thousands of times, and sums all of it.</summary>
    private static (long Minutes, double Milliseconds) ReadFull()
    {
        var cells = (MetricProtocols.All.Count * (MetricCodes.All.Count + 1)) + LatencyBuckets.Count;
        var log = new BucketLog(WindowRing.MostBytes);
        var counts = Enumerable.Repeat(5_000L, cells).ToArray();
        var minute = 0L;
        while (log.LastGivenUp < 0)
        {
            log.Append(minute++, owner: 1, counts);
        }

        var sums = new long[cells];
        return (minute, 1_000 * Stopwatches.Fastest(1, () => log.AddTo(0, long.MaxValue, _ => sums)));
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
