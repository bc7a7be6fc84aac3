using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// Compares two watch streams event by event; with controllers only the last event of each object, since how often a controller writes on the
/// way to a state is its own affair. Bookmarks other than the one that ends the initial events may be there or not.
/// </summary>
internal static class WatchComparer
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    public static void Compare(
        JsonComparer comparer, Normalizer normalizer, JsonArray expected, IReadOnlyList<JsonNode> actual, bool controllers)
    {
        JsonArray left = Normal(normalizer, expected!);
        JsonArray right = Normal(normalizer, actual);
        comparer.Compare("events", controllers ? LastOfEach(left) : left, controllers ? LastOfEach(right) : right);
    }

    /// <summary>Number of events that are compared, which a replay waits for.</summary>
    public static int Count(IEnumerable<JsonNode?> events) => events.Count(item => !IsOptional(item));

    private static JsonArray Normal(Normalizer normalizer, IEnumerable<JsonNode> events) =>
        [.. events.Where(item => !IsOptional(item)).Select(normalizer.Normalize)];

    private static bool IsOptional(JsonNode? item) =>
        item?["type"]?.ToString() == "BOOKMARK" && item["object"]?["metadata"]?["annotations"]?[InitialEventsEnd] is null;

    private static JsonArray LastOfEach(JsonArray events) =>
        [.. events.GroupBy(item => item?["object"]?["metadata"]?["name"]?.ToString())
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Last()?.DeepClone())];
}
