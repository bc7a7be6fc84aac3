using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>Which paths differ between two versions of an object.</summary>
internal sealed record Comparison(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    /// <summary>Paths whose value is not what it was; the paths that are gone are not among them.</summary>
    public FieldSet Changed { get; } = FieldSet.Union(Added, Modified);

    public static Comparison Of(Schema schema, JsonObject before, JsonObject after)
    {
        var (added, modified, removed) = (new FieldSet(), new FieldSet(), new FieldSet());
        Visit(schema.AsResource(), new Side(true, before), new Side(true, after), added, modified, removed);
        return new Comparison(added, modified, removed);
    }

    public Comparison Without(IReadOnlyList<string> paths) => paths.Count == 0
        ? this
        : new Comparison(Added.Without(paths), Modified.Without(paths), Removed.Without(paths));

    private static void Visit(Schema schema, Side left, Side right, FieldSet added, FieldSet modified, FieldSet removed)
    {
        var shape = TypedNode.Shape(schema, left.Value, right.Value);
        if (shape == OwnershipShape.Leaf || (TypedNode.IsEmpty(left.Value) && TypedNode.IsEmpty(right.Value)))
        {
            // Two empty values are compared as they stand: {} is not null.
            added.IsMember = !left.Present;
            removed.IsMember = !right.Present;
            modified.IsMember = left.Present && right.Present && !JsonNode.DeepEquals(left.Value, right.Value);
            return;
        }

        if (shape == OwnershipShape.Fields)
        {
            VisitFields(schema, left.Value as JsonObject, right.Value as JsonObject, added, modified, removed);
        }
        else
        {
            VisitItems(schema, left.Value as JsonArray, right.Value as JsonArray, added, modified, removed);
        }

        added.IsMember = !left.Present;
        removed.IsMember = !right.Present;
    }

    private static void VisitFields(
        Schema schema, JsonObject? left, JsonObject? right, FieldSet added, FieldSet modified, FieldSet removed)
    {
        foreach (var (name, value) in left ?? [])
        {
            JsonNode? other = null;
            var present = right is not null && right.TryGetPropertyValue(name, out other);
            Descend(schema.FieldOrUntyped(name), PathElements.Field(name), new Side(true, value), new Side(present, other), added, modified, removed);
        }

        foreach (var (name, value) in right ?? [])
        {
            if (left is null || !left.ContainsKey(name))
            {
                Descend(schema.FieldOrUntyped(name), PathElements.Field(name), default, new Side(true, value), added, modified, removed);
            }
        }
    }

    private static void VisitItems(Schema schema, JsonArray? left, JsonArray? right, FieldSet added, FieldSet modified, FieldSet removed)
    {
        var (leftItems, rightItems) = (TypedNode.Index(schema, left), TypedNode.Index(schema, right));
        foreach (var (element, items) in leftItems)
        {
            rightItems.TryGetValue(element, out var others);
            if (items.Count == 1 && others is (null or { Count: 1 }))
            {
                var other = others is null ? default : new Side(true, others[0]);
                Descend(schema.ItemSchema(), element, new Side(true, items[0]), other, added, modified, removed);
            }
            else if (others is null)
            {
                removed.Insert(element);
            }
            else if (!items.SequenceEqual(others, JsonNodeEquality.Instance))
            {
                modified.Insert(element);
            }
        }

        foreach (var (element, items) in rightItems)
        {
            if (leftItems.ContainsKey(element))
            {
                continue;
            }

            if (items.Count == 1)
            {
                Descend(schema.ItemSchema(), element, default, new Side(true, items[0]), added, modified, removed);
            }
            else
            {
                added.Insert(element);
            }
        }
    }

    private static void Descend(
        Schema schema, string element, Side left, Side right, FieldSet added, FieldSet modified, FieldSet removed)
    {
        // Most of two versions is equal; only what differs is worth sets of its own.
        if (left.Present && right.Present && JsonNode.DeepEquals(left.Value, right.Value))
        {
            return;
        }

        var (below, belowModified, belowRemoved) = (new FieldSet(), new FieldSet(), new FieldSet());
        Visit(schema, left, right, below, belowModified, belowRemoved);
        added.Attach(element, below);
        modified.Attach(element, belowModified);
        removed.Attach(element, belowRemoved);
    }

    private readonly record struct Side(bool Present, JsonNode? Value);

    private sealed class JsonNodeEquality : IEqualityComparer<JsonNode?>
    {
        public static readonly JsonNodeEquality Instance = new();

        public bool Equals(JsonNode? x, JsonNode? y) => JsonNode.DeepEquals(x, y);

        public int GetHashCode(JsonNode? obj) => 0;
    }
}
