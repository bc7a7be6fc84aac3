namespace Slipway.ModelServer.Feedback;

/// <summary>
/// What was told in past stretches of ten minutes, as much as fits a number of bytes; the oldest go first. A record has those pairs of
/// classes alone that were counted, so that its size follows what was told and not how much could be. Not for several threads at a time.
/// </summary>
internal sealed class FeedbackRing(int bytes)
{
    // The record, its arrays' headers and its place in the queue.
    private const int RecordBytes = 176;
    private const int CellBytes = sizeof(ushort) + sizeof(uint);

    private readonly Queue<Record> _records = new();
    private int _used;

    /// <summary>
    /// Latest stretch of which something was given up; −1 when nothing was. What a clock that was set back had counted ahead is not told
    /// here.
    /// </summary>
    public long LastGivenUp { get; private set; } = -1;

    /// <param name="stretch">Counts on from the last one that was appended, unless the clock was set back.</param>
    /// <param name="owner">Names the version among all that there ever were.</param>
    public void Append(long stretch, int owner, FeedbackSums sums)
    {
        if (sums.IsEmpty)
        {
            return;
        }

        var record = Record.Of(stretch, owner, sums);
        _records.Enqueue(record);
        _used += record.Bytes;
        while (_used > bytes)
        {
            var gone = _records.Dequeue();
            _used -= gone.Bytes;
            if (gone.Stretch <= stretch)
            {
                LastGivenUp = Math.Max(LastGivenUp, gone.Stretch);
            }
        }
    }

    /// <summary>Adds what was counted in the stretches from <paramref name="first"/> on and before <paramref name="end"/>.</summary>
    public void AddTo(FeedbackSums sums, int owner, long first, long end)
    {
        foreach (var record in _records)
        {
            if (record.Owner == owner && record.Stretch >= first && record.Stretch < end)
            {
                record.AddTo(sums);
            }
        }
    }

    private sealed record Record(long Stretch, int Owner, FeedbackNumbers Numbers, ushort[] Cells, uint[] Counts)
    {
        public int Bytes => RecordBytes + (Cells.Length * CellBytes);

        public static Record Of(long stretch, int owner, FeedbackSums sums)
        {
            var cells = new List<ushort>(sums.Cells.Count);
            var counts = new List<uint>(sums.Cells.Count);
            foreach (var (cell, count) in sums.Cells)
            {
                // What is more than fits is the next entry's.
                for (var left = count; left > 0; left -= counts[^1])
                {
                    cells.Add((ushort)cell);
                    counts.Add((uint)Math.Min(left, uint.MaxValue));
                }
            }

            return new(stretch, owner, sums.Numbers, [.. cells], [.. counts]);
        }

        public void AddTo(FeedbackSums sums)
        {
            sums.Add(Numbers);
            for (var i = 0; i < Cells.Length; i++)
            {
                sums.Add(Cells[i], Counts[i]);
            }
        }
    }
}
