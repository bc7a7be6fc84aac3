namespace Slipway.Benchmarks.Server;

/// <summary>Compares two sides in interleaved rounds A-B-B-A, so that a machine that drifts slows both.</summary>
internal static class Rounds
{
    /// <returns>For each round: both runs of A over both runs of B, in processor time and in throughput.</returns>
    public static async Task<(Interval Cpu, Interval Throughput)> CompareAsync(
        int rounds, Func<Task<Measurement>> a, Func<Task<Measurement>> b)
    {
        var cpu = new List<double>();
        var throughput = new List<double>();
        await a();
        await b();
        for (var round = 0; round < rounds; round++)
        {
            var (first, second, third, fourth) = (await a(), await b(), await b(), await a());
            cpu.Add((first.CpuPerUnit + fourth.CpuPerUnit) / (second.CpuPerUnit + third.CpuPerUnit));
            throughput.Add((first.UnitsPerSecond + fourth.UnitsPerSecond) / (second.UnitsPerSecond + third.UnitsPerSecond));
        }

        return (Interval.Of(cpu), Interval.Of(throughput));
    }
}
