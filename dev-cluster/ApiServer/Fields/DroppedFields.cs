using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>
/// Removes from a merged object what its applier owned before and neither it nor any other manager owns now. What nobody ever owned, such as
/// a default, goes only with a struct or item around it.
/// </summary>
internal static class DroppedFields
{
    public static void Remove(Schema schema, JsonObject merged, FieldSet last, FieldSet owned) =>
        Visit(schema.AsResource(), merged, last, owned, isRoot: true);

    private static void Visit(Schema schema, JsonNode? value, FieldSet last, FieldSet? owned, bool isRoot = false)
    {
        switch (value)
        {
            case JsonObject fields when !schema.AtomicMap:
                foreach (var (element, below) in last.Children)
                {
                    if (element[0] != 'f' || !fields.TryGetPropertyValue(element[2..], out var child))
                    {
                        continue;
                    }

                    var name = element[2..];
                    var stillOwned = owned?.Child(element);

                    // A declared struct counts as owned by whoever owns anything in it. Object metadata is never dropped.
                    var isDeclared = schema.Properties.ContainsKey(name);
                    var wasOwned = below.IsMember || isDeclared;
                    var isOwned = stillOwned is not null && (stillOwned.IsMember || isDeclared);
                    if (wasOwned && !isOwned && !(isRoot && name is ("metadata" or "apiVersion" or "kind")))
                    {
                        fields.Remove(name);
                    }
                    else
                    {
                        Visit(schema.FieldOrUntyped(name), child, below, stillOwned);
                    }
                }

                break;
            case JsonArray items when schema.ListType != ListType.Atomic:
                RemoveItems(schema, items, last, owned);
                break;
        }
    }

    private static void RemoveItems(Schema schema, JsonArray items, FieldSet last, FieldSet? owned)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            if (PathElements.Item(schema, items[i]) is not { } element || last.Child(element) is not { } below)
            {
                continue;
            }

            var stillOwned = owned?.Child(element);
            if (below.IsMember && stillOwned is not { IsMember: true })
            {
                items.RemoveAt(i);
            }
            else
            {
                Visit(schema.ItemSchema(), items[i], below, stillOwned);
            }
        }
    }
}
