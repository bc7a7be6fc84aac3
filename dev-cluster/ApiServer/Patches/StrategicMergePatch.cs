using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>
/// Kubernetes' strategic merge patch for built-in kinds: lists merge by the keys of the schema, with the directives <c>$patch</c>,
/// <c>$retainKeys</c>, <c>$setElementOrder/…</c> and <c>$deleteFromPrimitiveList/…</c>.
/// </summary>
internal static class StrategicMergePatch
{
    /// <returns>A new object; neither argument is changed.</returns>
    /// <exception cref="StatusException">500 for an unknown directive or an item without its merge key, as Kubernetes answers.</exception>
    public static JsonObject Apply(Schema schema, JsonObject live, JsonObject patch) =>
        MergeOrdered(schema.AsResource(), (JsonObject)live.DeepClone(), (JsonObject)patch.DeepClone());

    /// <summary>Merges into <paramref name="target"/>; both arguments are used up.</summary>
    internal static JsonObject MergeObject(Schema schema, JsonObject target, JsonObject patch)
    {
        if (Directives.PatchType(patch) is { } type)
        {
            patch.Remove(Directives.Patch);
            return type switch
            {
                Directives.Replace => (JsonObject)Directives.Clean(patch)!,
                Directives.Delete => [],
                _ => throw Directives.UnknownType(type, patch),
            };
        }

        Directives.RetainKeys(target, patch);
        foreach (var (name, value) in patch.ToList())
        {
            patch.Remove(name);
            if (name.StartsWith(Directives.SetElementOrder, StringComparison.Ordinal))
            {
                continue;
            }

            if (name.StartsWith(Directives.DeleteFromPrimitiveList, StringComparison.Ordinal))
            {
                StrategicList.DeleteScalars(target, name[Directives.DeleteFromPrimitiveList.Length..], value);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                MergeField(schema.Field(name) ?? SchemaFields.Untyped, target, name, value);
            }
        }

        return target;
    }

    /// <summary>Puts lists named by an order directive into that order, after everything else was merged.</summary>
    internal static JsonObject MergeOrdered(Schema schema, JsonObject target, JsonObject patch)
    {
        var orders = patch.Where(field => field.Key.StartsWith(Directives.SetElementOrder, StringComparison.Ordinal))
            .Select(field => (Name: field.Key[Directives.SetElementOrder.Length..], Order: field.Value as JsonArray ?? []))
            .Select(order => (order.Name, Order: (JsonArray)order.Order.DeepClone(), Before: target[order.Name]?.DeepClone() as JsonArray ?? []))
            .ToList();
        var merged = MergeObject(schema, target, patch);
        foreach (var (name, order, before) in orders)
        {
            if (merged[name] is JsonArray list)
            {
                merged[name] = StrategicList.Reorder(list, order, before, (schema.Field(name) ?? SchemaFields.Untyped).PatchMergeKey);
            }
        }

        return merged;
    }

    private static void MergeField(Schema schema, JsonObject target, string name, JsonNode value)
    {
        switch (target[name], value)
        {
            case (JsonObject fields, JsonObject patch) when !schema.PatchReplace:
                target.Remove(name);
                target[name] = MergeOrdered(schema, fields, patch);
                break;
            case (JsonArray items, JsonArray patch) when schema.PatchMergeKey.Length > 0 || schema.PatchMergeSet:
                target[name] = StrategicList.Merge(schema, items, patch);
                break;
            default:
                target[name] = Directives.Clean(value);
                break;
        }
    }
}
