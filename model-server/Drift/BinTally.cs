using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Drift;

/// <summary>Collects where the figures of one request fell, and adds them to the shared counters many at a time.</summary>
/// <param name="counters">Of all bins of a version.</param>
/// <param name="room">Of the caller's stack; at least 1.</param>
internal ref struct BinTally(BatchedCounters counters, Span<ushort> room)
{
    private readonly Span<ushort> _cells = room;
    private int _used;

    public void Add(int cell)
    {
        if (_used == _cells.Length)
        {
            Flush();
        }

        _cells[_used++] = (ushort)cell;
    }

    /// <summary>Call when the last one is added.</summary>
    public void Flush()
    {
        counters.AddEach(_cells[.._used]);
        _used = 0;
    }
}
