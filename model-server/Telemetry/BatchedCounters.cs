namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// A row of counters that many threads add to, many counts at a time. Each core has stripes, and who adds has one of them for itself, which
/// costs one interlocked operation where counting one by one costs as many as there are counts (<c>bench drift</c>). Nobody waits while a
/// stripe is free. Reading sums the stripes. Counts never go down.
/// </summary>
internal sealed class BatchedCounters(int count) : ICounters
{
    private const int CellsPerCacheLine = 16;
    private const long Free = 0;
    private const long Taken = 1;

    // More than there are cores: a thread that is put aside while it adds keeps its stripe.
    private static readonly int Stripes = 2 * (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    // A stripe begins with the cell that says whether it is taken.
    private readonly int _stride = (1 + count + CellsPerCacheLine) / CellsPerCacheLine * CellsPerCacheLine;
    private readonly long[] _cells = new long[Stripes * ((1 + count + CellsPerCacheLine) / CellsPerCacheLine * CellsPerCacheLine)];

    public int Count => count;

    /// <summary>Adds one to each; to one that is named twice, two.</summary>
    public void AddEach(ReadOnlySpan<ushort> indexes)
    {
        var stripe = Take();
        var cells = stripe.Slice(1, count);
        foreach (var index in indexes)
        {
            cells[index]++;
        }

        Volatile.Write(ref stripe[0], Free);
    }

    public long Read(int index)
    {
        long sum = 0;
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            sum += Volatile.Read(ref _cells[(stripe * _stride) + 1 + index]);
        }

        return sum;
    }

    private Span<long> Take()
    {
        var wait = new SpinWait();
        var first = Thread.GetCurrentProcessorId();
        while (true)
        {
            for (var next = 0; next < Stripes; next++)
            {
                var stripe = _cells.AsSpan(((first + next) & (Stripes - 1)) * _stride, _stride);
                if (Interlocked.CompareExchange(ref stripe[0], Taken, Free) == Free)
                {
                    return stripe;
                }
            }

            wait.SpinOnce();
        }
    }
}
