namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// A row of counters that many threads add to without sharing a cache line: each core has a stripe of its own, and reading sums the
/// stripes. Counts never go down.
/// </summary>
internal sealed class StripedCounters(int count) : ICounters
{
    private const int CellsPerCacheLine = 16;

    private static readonly int Stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly int _stride = (count + CellsPerCacheLine) / CellsPerCacheLine * CellsPerCacheLine;
    private readonly long[] _cells = new long[Stripes * ((count + CellsPerCacheLine) / CellsPerCacheLine * CellsPerCacheLine)];

    public int Count => count;

    public void Add(int index, long amount = 1) =>
        Interlocked.Add(ref _cells[((Thread.GetCurrentProcessorId() & (Stripes - 1)) * _stride) + index], amount);

    public long Read(int index)
    {
        long sum = 0;
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            sum += Interlocked.Read(ref _cells[(stripe * _stride) + index]);
        }

        return sum;
    }
}
