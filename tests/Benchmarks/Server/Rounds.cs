namespace Slipway.Benchmarks.Server;

/// <summary>
/// Compares two sides in interleaved rounds A-B-B-A, so that a machine that drifts slows both. In warm-ups all sides run together: it is the
/// number of their requests that counts then, not what they take.
/// </summary>
internal static class Rounds
{
    /// <returns>For each round: both runs of A over both runs of B, in processor time and in throughput.</returns>
    public static async Task<(Interval Cpu, Interval Throughput)> CompareAsync(
        int warmUps, int rounds, Func<Task<Measurement>> a, Func<Task<Measurement>> b)
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
    public static async Task<Interval> DifferenceAsync(int warmUps, int rounds, Func<Task<double>> a, Func<Task<double>> b)
    {
        var differences = new List<double>();
        await WarmUpAsync(warmUps, a, b);
        for (var round = 0; round < rounds; round++)
        {
            var (first, second, third, fourth) = (await a(), await b(), await b(), await a());
            differences.Add(((first + fourth) - (second + third)) / 2);
        }

        return Interval.Of(differences);
    }

    /// <summary>Runs every side once, in order and then in reverse, for each round.</summary>
    /// <returns>For each side and round the sum of its two runs, in processor time.</returns>
    public static async Task<double[][]> CpuAsync(int warmUps, int rounds, IReadOnlyList<Func<Task<Measurement>>> sides)
    {
        var sums = sides.Select(_ => new double[rounds]).ToArray();
        await WarmUpAsync(warmUps, [.. sides]);
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
