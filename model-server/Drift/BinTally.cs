using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Drift;

/// <summary>Collects where the figures of one request fell, and adds them to the shared counters many at a time.</summary>
/// <param name="counters">Of all bins of a version.</param>
/// <param name="room">Of the caller's stack; <see cref="Room"/> or more.</param>
internal ref struct BinTally(BatchedCounters counters, Span<ushort> room)
{
    /// <summary>For one row of the largest baseline; more rows are added in several goes.</summary>
    public const int Room = BaselineBounds.MostFeatures;

    private readonly Span<ushort> _cells = room;
    private int _used;

    public void Add(int cell) => Take(1)[0] = (ushort)cell;

    /// <summary>Room for so many cells, all of which the caller writes.</summary>
    /// <param name="count">At most <see cref="Room"/>.</param>
    public Span<ushort> Take(int count)
    {
        if (_cells.Length - _used < count)
        {
            Flush();
        }

        var taken = _cells.Slice(_used, count);
        _used += count;
        return taken;
    }

    /// <summary>Call when the last one is added.</summary>
    public void Flush()
    {
        counters.AddEach(_cells[.._used]);
        _used = 0;
    }
}
