using System.Text.Json.Nodes;
using static Slipway.DevCluster.ApiServer.Tables.TableColumn;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Columns of an Event, in either of its two shapes.</summary>
internal static class EventColumns
{
    public static IReadOnlyList<TableColumn> Event { get; } =
    [
        new("Last Seen", "string", "Time since it happened last.", (o, now) => Age.Since(LastSeen(o), now)),
        Text("Type", "Normal or Warning.", o => o.TextAt("type")),
        Text("Reason", "Why, in one word for machines.", o => o.TextAt("reason")),
        Text("Object", "The object that this event is about.", About),
        Text("Subobject", "Part of the object that is meant.", o => First(o, "involvedObject.fieldPath", "regarding.fieldPath")).Wide(),
        Text("Source", "Who says so.", Source).Wide(),
        Text("Message", "What happened, for people.", o => First(o, "message", "note").Trim()),
        new TableColumn("First Seen", "string", "Time since it happened first.", (o, now) => Age.Since(FirstSeen(o), now)).Wide(),
        Text("Count", "The number of times this event has occurred.", Count).Wide(),
        ObjectName.Wide(),
    ];

    private static string FirstSeen(JsonObject o) => First(o, "firstTimestamp", "deprecatedFirstTimestamp", "eventTime");

    private static string LastSeen(JsonObject o) =>
        First(o, "series.lastObservedTime", "lastTimestamp", "deprecatedLastTimestamp") is { Length: > 0 } last ? last : FirstSeen(o);

    private static JsonNode About(JsonObject o)
    {
        string kind = First(o, "involvedObject.kind", "regarding.kind").ToLowerInvariant();
        string name = First(o, "involvedObject.name", "regarding.name");
        return name.Length == 0 ? kind : $"{kind}/{name}";
    }

    private static JsonNode Source(JsonObject o)
    {
        string component = First(o, "source.component", "deprecatedSource.component", "reportingComponent", "reportingController");
        string instance = First(o, "source.host", "deprecatedSource.host", "reportingInstance");
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }

    private static JsonNode Count(JsonObject o)
    {
        long count = o.At("series") is null ? Math.Max(o.NumberAt("count"), o.NumberAt("deprecatedCount")) : o.NumberAt("series.count");
        return count == 0 ? 1 : count;
    }

    private static string First(JsonObject o, params string[] paths) => paths.Select(path => o.TextAt(path)).FirstOrDefault(text => text.Length > 0, "");
}
