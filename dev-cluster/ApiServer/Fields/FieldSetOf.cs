using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>The fields that an applied object sets, which are those its applier comes to own.</summary>
internal static class FieldSetOf
{
    public static FieldSet Applied(Schema schema, JsonObject value) => Visit(schema.AsResource(), value);

    private static FieldSet Visit(Schema schema, JsonNode? value)
    {
        var set = new FieldSet();
        switch (TypedNode.Shape(schema, value, null))
        {
            case OwnershipShape.Fields when value is JsonObject fields:
                foreach (var (name, child) in fields)
                {
                    var below = Visit(schema.FieldOrUntyped(name), child);

                    // A declared struct is owned through its fields; an entry of a map is owned itself.
                    if (child is null or JsonObject { Count: 0 } || !IsDeclared(schema, name))
                    {
                        below.IsMember = true;
                    }

                    set.Attach(PathElements.Field(name), below);
                }

                break;
            case OwnershipShape.Items when value is JsonArray items:
                foreach (var item in items)
                {
                    if (PathElements.Item(schema, item) is { } element)
                    {
                        var below = Visit(schema.ItemSchema(), item);
                        below.IsMember = true;
                        set.Attach(element, below);
                    }
                }

                break;
            case OwnershipShape.Leaf:
                set.IsMember = true;
                break;
        }

        return set;
    }

    private static bool IsDeclared(Schema schema, string name) =>
        schema.Properties.ContainsKey(name) || (schema.EmbeddedResource && name is ("apiVersion" or "kind" or "metadata"));
}
