using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>Lays an applied object over the live one: fields and keyed items merge, whatever is owned as a whole is replaced.</summary>
internal static class Merger
{
    /// <returns>A new object; neither argument is changed.</returns>
    public static JsonObject Merge(Schema schema, JsonObject live, JsonObject applied) =>
        (JsonObject)Visit(schema.AsResource(), live, applied)!;

    private static JsonNode? Visit(Schema schema, JsonNode? live, JsonNode? applied)
    {
        switch (TypedNode.Shape(schema, applied, null))
        {
            case OwnershipShape.Fields when live is JsonObject liveFields && applied is JsonObject fields:
                return MergeFields(schema, liveFields, fields);
            case OwnershipShape.Items when live is JsonArray liveItems && applied is JsonArray items:
                return MergeItems(schema, liveItems, items);
            default:
                return applied?.DeepClone();
        }
    }

    private static JsonObject MergeFields(Schema schema, JsonObject live, JsonObject applied)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in live)
        {
            merged[name] = applied.TryGetPropertyValue(name, out var other)
                ? Visit(schema.FieldOrUntyped(name), value, other)
                : value?.DeepClone();
        }

        foreach (var (name, value) in applied)
        {
            if (!live.ContainsKey(name))
            {
                merged[name] = value?.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>
    /// Items that only live has keep their place; those that both have come in the applied order, each where live has the one whose turn it is;
    /// those that only the applied list has stand before the next shared one, or at the end.
    /// </summary>
    private static JsonArray MergeItems(Schema schema, JsonArray live, JsonArray applied)
    {
        var liveElements = live.Select(item => PathElements.Item(schema, item) ?? "").ToList();
        var elements = applied.Select(item => PathElements.Item(schema, item) ?? "").ToList();
        var wanted = elements.ToHashSet(StringComparer.Ordinal);
        var known = TypedNode.Index(schema, live);
        var turns = new Queue<string>(elements.Where(known.ContainsKey));
        var merged = new JsonArray();
        var next = 0;

        for (var i = 0; i < live.Count; i++)
        {
            if (!wanted.Contains(liveElements[i]))
            {
                merged.Add(live[i]?.DeepClone());
            }
            else if (turns.TryPeek(out var turn) && turn == liveElements[i])
            {
                while (turns.TryPeek(out var waiting) && waiting == turn)
                {
                    Take();
                }
            }
        }

        while (next < elements.Count)
        {
            Take();
        }

        return merged;

        void Take()
        {
            var element = elements[next];
            if (turns.TryPeek(out var turn) && turn == element)
            {
                turns.Dequeue();
            }

            // An item that live holds more than once has no single predecessor: the applied one stands for all of them.
            merged.Add(known.TryGetValue(element, out var same) && same.Count == 1
                ? Visit(schema.ItemSchema(), same[0], applied[next])
                : applied[next]?.DeepClone());
            next++;
        }
    }
}
