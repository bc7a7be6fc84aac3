namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>
/// A place in a table's history, and the waiting for what comes after it. It holds no queue: a reader too slow for the history is told so, and
/// a reader that goes away is forgotten with it.
/// </summary>
internal sealed class WatchCursor(ObjectTable table, long after)
{
    private const int Batch = 256;

    /// <summary>The revision up to which everything was read.</summary>
    public long Position { get; private set; } = after;

    /// <summary>
    /// The events after the position in order, without waiting; null when some are forgotten. Empty when there are none.
    /// </summary>
    public IReadOnlyList<StoreEvent>? Read()
    {
        var events = table.EventsAfter(Position, Batch);
        if (events is { Count: > 0 })
        {
            Position = events[^1].Revision;
        }

        return events;
    }

    /// <summary>Take this before <see cref="Read"/>, and wait for it when that gave nothing.</summary>
    public Task Changed => table.Changed.Next;

    public bool IsClosed => table.IsClosed;

    /// <summary>Moves on to a revision up to which there was nothing to read.</summary>
    public void SkipTo(long revision) => Position = Math.Max(Position, revision);
}
