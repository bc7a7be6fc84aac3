using System.Text.Json.Nodes;
using KeyedElements = System.Collections.Generic.OrderedDictionary<
    System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, System.Text.Json.Nodes.JsonNode>>,
    System.Text.Json.Nodes.JsonNode?>;

namespace Slipway.Runtime;

/// <summary>
/// Whether an object holds everything that is desired of it. Only what is desired counts: fields that the API server or others added are
/// not looked at.
/// </summary>
internal static class FieldComparer
{
    /// <summary>The first place where <paramref name="live"/> is not as desired; null means that there is none.</summary>
    public static FieldPath? FirstDifference(ResourceKind kind, JsonObject desired, JsonObject live) => Object(kind, FieldPath.Root, desired, live);

    private static FieldPath? Node(ResourceKind kind, FieldPath path, JsonNode? desired, JsonNode? live) => (desired, live) switch
    {
        (JsonObject wanted, JsonObject found) => Object(kind, path, wanted, found),
        (JsonArray { Count: 0 }, null) => null, // an empty list is not stored
        (JsonArray wanted, JsonArray found) => List(kind, path, wanted, found),
        (JsonValue wanted, JsonValue found) => FieldValue.Same(path, wanted, found) ? null : path,
        (null, null) => null,
        _ => path,
    };

    private static FieldPath? Object(ResourceKind kind, FieldPath path, JsonObject desired, JsonObject live)
    {
        foreach (var (name, wanted) in desired)
        {
            if (Node(kind, path.Child(name), wanted, live[name]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static FieldPath? List(ResourceKind kind, FieldPath path, JsonArray desired, JsonArray live) =>
        ListKeys.Of(kind, path) is { } names && Keyed(names, desired) is { } wanted && Keyed(names, live) is { } found
            ? Map(kind, path, wanted, found)
            : Whole(kind, path, desired, live);

    private static FieldPath? Map(ResourceKind kind, FieldPath path, KeyedElements desired, KeyedElements live)
    {
        foreach (var (key, wanted) in desired)
        {
            var place = path.Element(key);
            if (!live.TryGetValue(key, out var found))
            {
                return place;
            }

            if (Node(kind, place, wanted, found) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static FieldPath? Whole(ResourceKind kind, FieldPath path, JsonArray desired, JsonArray live)
    {
        if (desired.Count != live.Count)
        {
            return path;
        }

        for (var index = 0; index < desired.Count; index++)
        {
            if (Node(kind, path.Element(index), desired[index], live[index]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>Null when the list cannot be a map: an element lacks its key, or two share one.</summary>
    private static KeyedElements? Keyed(string[] names, JsonArray list)
    {
        var elements = new KeyedElements(list.Count, ListKeys.ByValue);
        foreach (var element in list)
        {
            if (ListKeys.KeyOf(names, element) is not { } key || !elements.TryAdd(key, element))
            {
                return null;
            }
        }

        return elements;
    }
}
