using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// What a watch shows of the writes of a table: an object that begins to match its selectors is added, one that no longer does is deleted.
/// </summary>
internal sealed class WatchFilter(string ns, ListOptions options)
{
    public bool Matches(StoredObject stored) =>
        (ns.Length == 0 || stored.Key.Namespace == ns) && options.Labels.Matches(stored.Value) && options.Fields.Matches(stored.Value);

    /// <summary>Null when the watch does not see the write.</summary>
    public WatchLine? Line(StoreEvent change)
    {
        var was = change.Previous is not null && Matches(change.Previous);
        if (change.Type == StoreEventType.Deleted)
        {
            return was ? new WatchLine("DELETED", change.Object.Value, change.Object) : null;
        }

        return (was, Matches(change.Object)) switch
        {
            (false, true) => new WatchLine("ADDED", change.Object.Value, change.Object),
            (true, true) => new WatchLine("MODIFIED", change.Object.Value, change.Object),
            (true, false) => new WatchLine("DELETED", LastSeen(change)),
            (false, false) => null,
        };
    }

    /// <summary>The content that the watch saw last, under the revision of the write that took it from sight.</summary>
    private static JsonObject LastSeen(StoreEvent change)
    {
        var last = change.Previous!.Clone();
        last["metadata"]!["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        return last;
    }
}
