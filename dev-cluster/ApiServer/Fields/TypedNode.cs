using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>The shape in which a value is owned: field by field, item by item, or as a whole.</summary>
internal enum OwnershipShape
{
    Leaf,
    Fields,
    Items,
}

/// <summary>How a schema and a value together decide the shape. Where nothing was declared, the value decides alone.</summary>
internal static class TypedNode
{
    public static OwnershipShape Shape(Schema schema, JsonNode? one, JsonNode? other)
    {
        switch (schema.Type)
        {
            case SchemaType.Object:
            case SchemaType.Any when one is JsonObject || other is JsonObject:
                return schema.AtomicMap ? OwnershipShape.Leaf : OwnershipShape.Fields;
            case SchemaType.List:
                return schema.ListType == ListType.Atomic ? OwnershipShape.Leaf : OwnershipShape.Items;
            default:
                return OwnershipShape.Leaf;
        }
    }

    public static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>Items by path element; items that repeat an element are kept together, so that nothing is lost.</summary>
    public static Dictionary<string, List<JsonNode?>> Index(Schema list, JsonArray? items)
    {
        var index = new Dictionary<string, List<JsonNode?>>(items?.Count ?? 0, StringComparer.Ordinal);
        foreach (var item in items ?? [])
        {
            if (PathElements.Item(list, item) is not { } element)
            {
                continue;
            }

            if (index.TryGetValue(element, out var same))
            {
                same.Add(item);
            }
            else
            {
                index[element] = [item];
            }
        }

        return index;
    }

    public static Schema ItemSchema(this Schema list) => list.Items ?? SchemaFields.Untyped;

    public static Schema FieldOrUntyped(this Schema schema, string name) => schema.Field(name) ?? SchemaFields.Untyped;
}
