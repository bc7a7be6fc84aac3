namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// Sums over the requests and runs of one version since it was loaded, as the statistics extension tells them. Adding takes no lock and
/// shares no cache line between cores.
/// </summary>
internal sealed class VersionStatistics
{
    /// <summary>Runs of so many rows are told apart exactly; larger ones under the next power of two.</summary>
    public const int MostExactRows = 64;

    private const int MostPower = 20;
    private const int FirstPower = 7;
    private const int Sizes = MostExactRows + MostPower - FirstPower + 1;
    private const int CellsOfSize = 3;
    private const int NanosecondsPerTick = 100;

    private readonly StripedCounters _sums = new(Enum.GetValues<Cell>().Length);
    private readonly StripedCounters _batches = new(Sizes * CellsOfSize);
    private long _lastRun = -1;

    private enum Cell
    {
        Successes, SuccessTicks, Failures, FailureTicks, QueueTicks, Inputs, InputTicks, Outputs, OutputTicks, Calls, CallTicks, Rows, Runs,
    }

    /// <summary>Rows of all runs that succeeded.</summary>
    public long Rows => _sums.Read((int)Cell.Rows);

    public long Runs => _sums.Read((int)Cell.Runs);

    public DurationSum Success => Sum(Cell.Successes, Cell.SuccessTicks);

    public DurationSum Failure => Sum(Cell.Failures, Cell.FailureTicks);

    /// <summary>Waiting for a worker; a call that runs at once waits no time.</summary>
    public DurationSum Queue => Sum(Cell.Calls, Cell.QueueTicks);

    /// <summary>Reading requests into tensors.</summary>
    public DurationSum Input => Sum(Cell.Inputs, Cell.InputTicks);

    /// <summary>Inside the model: a call counts with the whole run that it took part in.</summary>
    public DurationSum Infer => Sum(Cell.Calls, Cell.CallTicks);

    /// <summary>Writing tensors into answers.</summary>
    public DurationSum Output => Sum(Cell.Outputs, Cell.OutputTicks);

    /// <summary>How long ago the last run ended; null when there was none.</summary>
    public TimeSpan? SinceLastRun => Volatile.Read(ref _lastRun) is >= 0 and var at ? TimeSpan.FromMilliseconds(Environment.TickCount64 - at) : null;

    public void Ended(bool well, TimeSpan duration) =>
        Add(well ? Cell.Successes : Cell.Failures, well ? Cell.SuccessTicks : Cell.FailureTicks, duration);

    public void Queued(TimeSpan duration) => _sums.Add((int)Cell.QueueTicks, duration.Ticks);

    public void Read(TimeSpan duration) => Add(Cell.Inputs, Cell.InputTicks, duration);

    public void Wrote(TimeSpan duration) => Add(Cell.Outputs, Cell.OutputTicks, duration);

    public void Ran(TimeSpan duration, long rows, int calls, TimeSpan joining)
    {
        _sums.Add((int)Cell.Calls, calls);
        _sums.Add((int)Cell.CallTicks, duration.Ticks * calls);
        _sums.Add((int)Cell.Rows, rows);
        _sums.Add((int)Cell.Runs);
        var size = SizeIndex(rows) * CellsOfSize;
        _batches.Add(size);
        _batches.Add(size + 1, duration.Ticks);
        if (joining > TimeSpan.Zero)
        {
            _batches.Add(size + 2, joining.Ticks);
        }

        // Written once a millisecond at most, so that cores do not fight for it.
        var now = Environment.TickCount64;
        if (Volatile.Read(ref _lastRun) != now)
        {
            Volatile.Write(ref _lastRun, now);
        }
    }

    /// <summary>The sizes that were run, the smallest first.</summary>
    public IEnumerable<BatchSum> Batches()
    {
        for (var size = 0; size < Sizes; size++)
        {
            var runs = _batches.Read(size * CellsOfSize);
            if (runs > 0)
            {
                var rows = size < MostExactRows ? size + 1 : 1L << (size - MostExactRows + FirstPower);
                yield return new(
                    rows,
                    new(runs, _batches.Read((size * CellsOfSize) + 2) * NanosecondsPerTick),
                    new(runs, _batches.Read((size * CellsOfSize) + 1) * NanosecondsPerTick));
            }
        }
    }

    private static int SizeIndex(long rows) => rows <= MostExactRows
        ? (int)Math.Max(0, rows - 1)
        : MostExactRows + Math.Min(MostPower, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)rows - 1)) - FirstPower;

    private DurationSum Sum(Cell count, Cell ticks) => new(_sums.Read((int)count), _sums.Read((int)ticks) * NanosecondsPerTick);

    private void Add(Cell count, Cell ticks, TimeSpan duration)
    {
        _sums.Add((int)count);
        _sums.Add((int)ticks, duration.Ticks);
    }
}

internal readonly record struct DurationSum(long Count, long Nanoseconds);

/// <param name="Rows">Rows that ran together; past <see cref="VersionStatistics.MostExactRows"/> the next power of two.</param>
/// <param name="Input">Laying the inputs of several calls side by side.</param>
/// <param name="Infer">Inside the model.</param>
internal readonly record struct BatchSum(long Rows, DurationSum Input, DurationSum Infer);
