using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>Lists in a strategic merge patch: of objects by their merge key, of scalars as sets.</summary>
internal static class StrategicList
{
    /// <summary>Merges a patch's list; the arguments are used up.</summary>
    public static JsonArray Merge(Schema schema, JsonArray live, JsonArray patch)
    {
        var key = schema.PatchMergeKey;
        var before = live.Select(item => item?.DeepClone()).ToList();
        if (!CarryOutPatchItems(ref live, ref patch, key))
        {
            return patch;
        }

        var byIdentity = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < live.Count; i++)
        {
            byIdentity.TryAdd(Identity(live[i], key), i);
        }

        var order = new JsonArray([.. patch.Select(item => item?.DeepClone())]);
        foreach (var item in patch)
        {
            var identity = Required(item, key);
            if (!byIdentity.TryGetValue(identity, out var at))
            {
                byIdentity[identity] = live.Count;
                live.Add(Directives.Clean(item));
            }
            else if (live[at] is JsonObject target && item is JsonObject change)
            {
                live[at] = StrategicMergePatch.MergeOrdered(schema.Items ?? SchemaFields.Untyped, (JsonObject)target.DeepClone(), (JsonObject)change.DeepClone());
            }
        }

        return Reorder(live, order, before, key);
    }

    public static void DeleteScalars(JsonObject target, string name, JsonNode? scalars)
    {
        if (target[name] is JsonArray list && scalars is JsonArray unwanted)
        {
            var gone = unwanted.Select(PrintedMap.Of).ToHashSet(StringComparer.Ordinal);
            target[name] = new JsonArray([.. list.Where(item => !gone.Contains(PrintedMap.Of(item))).Select(item => item?.DeepClone())]);
        }
    }

    /// <summary>
    /// Items named by <paramref name="order"/> come in that order; the others keep theirs. Where both orders meet, an unnamed item goes first
    /// only if it stood before the named one.
    /// </summary>
    public static JsonArray Reorder(JsonArray list, JsonArray order, IEnumerable<JsonNode?> before, string key)
    {
        var ranks = Ranks(order, key);
        var places = Ranks(before, key);
        var items = list.Select(item => (Item: item?.DeepClone(), Identity: Identity(item, key))).ToList();
        var named = new Queue<(JsonNode? Item, string Identity)>(items.Where(item => ranks.ContainsKey(item.Identity)).OrderBy(item => ranks[item.Identity]));
        var others = new Queue<(JsonNode? Item, string Identity)>(items.Where(item => !ranks.ContainsKey(item.Identity))
            .OrderBy(item => places.GetValueOrDefault(item.Identity, int.MaxValue)));
        var result = new JsonArray();
        while (named.Count > 0 || others.Count > 0)
        {
            var otherFirst = named.Count == 0 || (others.Count > 0
                && places.TryGetValue(others.Peek().Identity, out var other) && places.TryGetValue(named.Peek().Identity, out var own) && other < own);
            result.Add((otherFirst ? others : named).Dequeue().Item);
        }

        return result;
    }

    /// <returns>False when the patch said to replace the list: it is then what remains of the patch.</returns>
    private static bool CarryOutPatchItems(ref JsonArray live, ref JsonArray patch, string key)
    {
        var (plain, deleted, replace) = (new JsonArray(), new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var item in patch)
        {
            if (item is not JsonObject fields || Directives.PatchType(fields) is not { } type)
            {
                plain.Add(item?.DeepClone());
            }
            else if (type == Directives.Delete)
            {
                deleted.Add(Required(item, key));
            }
            else if (type == Directives.Replace)
            {
                replace = true;
            }
            else
            {
                throw Directives.UnknownType(type, (JsonObject)fields.DeepClone());
            }
        }

        live = new JsonArray([.. live.Where(item => !deleted.Contains(Identity(item, key))).Select(item => item?.DeepClone())]);
        patch = plain;
        return !replace;
    }

    private static Dictionary<string, int> Ranks(IEnumerable<JsonNode?> items, string key)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            ranks.TryAdd(Identity(item, key), ranks.Count);
        }

        return ranks;
    }

    private static string Required(JsonNode? item, string key) =>
        item is not JsonObject fields || fields.ContainsKey(key)
            ? Identity(item, key)
            : throw new StatusException(500, "", $"map: {PrintedMap.Of(item)} does not contain declared merge key: {key}");

    private static string Identity(JsonNode? item, string key) => PrintedMap.Of(item is JsonObject fields ? fields[key] : item);
}
