namespace Slipway.Benchmarks.Server.Figures;

/// <summary>Prints a comparison in processor time and, beside it, what became of the throughput.</summary>
internal static class Comparison
{
    /// <param name="figure">Has <c>_cpu_</c> in its name.</param>
    public static void Print(Figure figure, (Interval Cpu, Interval Throughput) measured)
    {
        figure.Print(measured.Cpu);
        new Figure(figure.Name.Replace("_cpu_", "_throughput_", StringComparison.Ordinal), "ratio").Print(measured.Throughput);
    }
}
