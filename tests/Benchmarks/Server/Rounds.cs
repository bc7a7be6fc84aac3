namespace Slipway.Benchmarks.Server;

/// <summary>
/// Compares two sides in interleaved rounds A-B-B-A, so that a machine that drifts slows both. Before the first, all sides run together until
/// their compilers have had time to finish: what they take is a large part of the processor time of a young server.
/// </summary>
internal static class Rounds
{
    /// <summary>Runs of each side before the first round.</summary>
    public const int WarmUps = 3;

    /// <param name="warmUps">0 for sides that are warm, or that cannot run together.</param>
    /// <returns>For each round: both runs of A over both runs of B, in processor time and in throughput.</returns>
    public static async Task<(Interval Cpu, Interval Throughput)> CompareAsync(
        int rounds, Func<Task<Measurement>> a, Func<Task<Measurement>> b, int warmUps = WarmUps)
    {
        var cpu = new List<double>();
        var throughput = new List<double>();
        await WarmUpAsync(warmUps, a, b);
        for (var round = 0; round < rounds; round++)
        {
            var (first, second, third, fourth) = (await a(), await b(), await b(), await a());
            cpu.Add((first.CpuPerUnit + fourth.CpuPerUnit) / (second.CpuPerUnit + third.CpuPerUnit));
            throughput.Add((first.UnitsPerSecond + fourth.UnitsPerSecond) / (second.UnitsPerSecond + third.UnitsPerSecond));
        }

        return (Interval.Of(cpu), Interval.Of(throughput));
    }

    /// <returns>The mean of A's two numbers in a round less the mean of B's.</returns>
    public static async Task<Interval> DifferenceAsync(int rounds, Func<Task<double>> a, Func<Task<double>> b)
    {
        var differences = new List<double>();
        await WarmUpAsync(WarmUps, a, b);
        for (var round = 0; round < rounds; round++)
        {
            var (first, second, third, fourth) = (await a(), await b(), await b(), await a());
            differences.Add(((first + fourth) - (second + third)) / 2);
        }

        return Interval.Of(differences);
    }

    /// <summary>Runs every side once, in order and then in reverse, for each round.</summary>
    /// <returns>For each side and round the sum of its two runs, in processor time.</returns>
    public static async Task<double[][]> CpuAsync(int rounds, IReadOnlyList<Func<Task<Measurement>>> sides)
    {
        var sums = sides.Select(_ => new double[rounds]).ToArray();
        await WarmUpAsync(WarmUps, [.. sides]);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var i in Enumerable.Range(0, sides.Count).Concat(Enumerable.Range(0, sides.Count).Reverse()))
            {
                sums[i][round] += (await sides[i]()).CpuPerUnit;
            }
        }

        return sums;
    }

    private static async Task WarmUpAsync<T>(int runs, params Func<Task<T>>[] sides)
    {
        for (var run = 0; run < runs; run++)
        {
            await Task.WhenAll(sides.Select(side => side()));
        }
    }
}
