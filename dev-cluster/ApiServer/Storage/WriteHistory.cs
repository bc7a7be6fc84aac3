namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>The newest writes in order, at most <paramref name="limit"/>. Not safe for many threads.</summary>
internal sealed class WriteHistory(int limit)
{
    // The oldest is at _first; what is before it is dropped in one go when it is as long as the rest.
    private readonly List<StoreEvent> _writes = [];
    private int _first;

    /// <summary>The write that is forgotten for this one; null while there is room.</summary>
    public StoreEvent? Add(StoreEvent write)
    {
        _writes.Add(write);
        if (_writes.Count - _first <= limit)
        {
            return null;
        }

        var oldest = _writes[_first++];
        if (_first > limit)
        {
            _writes.RemoveRange(0, _first);
            _first = 0;
        }

        return oldest;
    }

    public void Clear()
    {
        _writes.Clear();
        _first = 0;
    }

    /// <summary>Those after a revision, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<StoreEvent> After(long revision, int most)
    {
        var start = IndexAfter(revision);
        return start == _writes.Count ? [] : _writes.GetRange(start, Math.Min(most, _writes.Count - start));
    }

    /// <summary>The last one at or before a revision; null when there is none.</summary>
    public StoreEvent? LastUpTo(long revision) => IndexAfter(revision) is var after && after > _first ? _writes[after - 1] : null;

    private int IndexAfter(long revision)
    {
        var (low, high) = (_first, _writes.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _writes[middle].Revision <= revision ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
