namespace Slipway.DevCluster.ApiServer.Storage;

internal enum StoreEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>
/// One write. <paramref name="Object"/> is the object after it; for a deletion the last content with the revision of the deletion.
/// <paramref name="Previous"/> is null for a creation. <paramref name="After"/> is the whole table after the write.
/// </summary>
internal sealed record StoreEvent(StoreEventType Type, StoredObject Object, StoredObject? Previous, TableSnapshot After)
{
    public long Revision => Object.Revision;
}
