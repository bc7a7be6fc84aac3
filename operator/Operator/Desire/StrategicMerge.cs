using System.Text.Json.Nodes;

namespace Slipway.Operator.Desire;

/// <summary>
/// Kubernetes' strategic merge patch for a pod template: maps are merged, null removes, lists of the table below are merged by key, every
/// other list is replaced; <c>$patch: delete</c> removes an item or a map, <c>$patch: replace</c> replaces instead of merging.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";

    /// <summary>Key by which the items of a pod's lists are merged, by the list's field name. Lists that are not here are atomic.</summary>
    private static readonly Dictionary<string, string> MergeKeys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["ports"] = "containerPort",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["imagePullSecrets"] = "name",
        ["hostAliases"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
        ["resourceClaims"] = "name",
        ["schedulingGates"] = "name",
        ["ownerReferences"] = "uid",
    };

    /// <summary>Keys that several items of a list may have: a port for TCP and for UDP, a topology with and without must.</summary>
    private static readonly HashSet<string> SharedKeys = new(StringComparer.Ordinal) { "containerPort", "topologyKey" };

    /// <exception cref="InvalidPodTemplateException">An item of a list is empty, one of a merged list lacks its key or shares it, or a directive is not known.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = target.DeepClone().AsObject();
        MergeMap(result, patch, new(null, "spec.podTemplate"));
        return result;
    }

    private static void MergeMap(JsonObject target, JsonObject patch, Place path)
    {
        foreach (var (name, value) in patch)
        {
            var child = new Place(path, name);
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject map when IsDirective(map, "delete", child):
                    target.Remove(name);
                    break;
                case JsonObject map when IsDirective(map, "replace", child) || target[name] is not JsonObject:
                    var replacement = new JsonObject();
                    MergeMap(replacement, Content(map), child);
                    target[name] = replacement;
                    break;
                case JsonObject map:
                    MergeMap(target[name]!.AsObject(), Content(map), child);
                    break;
                case JsonArray list when list.Any(item => item is null):
                    throw new InvalidPodTemplateException($"{child}[{list.IndexOf(null)}]: the item is empty; write it or remove it.");
                case JsonArray list when MergeKeys.TryGetValue(name, out var key) && list.All(item => item is JsonObject):
                    target[name] = MergeList(target[name] as JsonArray ?? [], list, key, child);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, string key, Place path)
    {
        var replaces = patch.Any(item => item!.AsObject().Count == 1 && IsDirective(item.AsObject(), "replace", path));
        List<JsonObject?> items = replaces ? [] : [.. target.Select(item => item!.DeepClone().AsObject())];
        var places = Places(items, key);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in patch.Select(item => item!.AsObject()).Where(item => item.Count > 1 || !item.ContainsKey(Directive)))
        {
            var id = entry[key]?.ToJsonString() ?? throw new InvalidPodTemplateException($"{path}: an item has no '{key}', by which the list is merged.");
            var isFirst = seen.Add(id);
            if (!isFirst && !SharedKeys.Contains(key))
            {
                throw new InvalidPodTemplateException($"{path}: '{entry[key]}' is there twice; an item's '{key}' must be its own.");
            }

            var index = isFirst ? places.GetValueOrDefault(id, -1) : -1;
            if (IsDirective(entry, "delete", path))
            {
                if (index >= 0)
                {
                    items[index] = null;
                }

                continue;
            }

            var merged = index < 0 || IsDirective(entry, "replace", path) ? [] : items[index]!;
            MergeMap(merged, Content(entry), path);
            if (index < 0)
            {
                items.Add(merged);
            }
            else
            {
                items[index] = merged;
            }
        }

        return [.. items.OfType<JsonObject>()];
    }

    /// <summary>Where the first item with each key is. Whoever may write a long list could keep a worker for minutes with a search for each of its items.</summary>
    private static Dictionary<string, int> Places(List<JsonObject?> items, string key)
    {
        var places = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index]![key] is { } id)
            {
                places.TryAdd(id.ToJsonString(), index);
            }
        }

        return places;
    }

    private static bool IsDirective(JsonObject map, string directive, Place path)
    {
        if (map[Directive] is not { } value)
        {
            return false;
        }

        var text = value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return text is "delete" or "replace" or "merge"
            ? text == directive
            : throw new InvalidPodTemplateException($"{path}: '{Directive}: {text}' is not known; use delete, replace or merge.");
    }

    private static JsonObject Content(JsonObject map)
    {
        var content = map.DeepClone().AsObject();
        content.Remove(Directive);
        return content;
    }

    /// <summary>Where the user wrote it. It becomes text for messages alone: names may be as long as the user likes.</summary>
    private sealed record Place(Place? Above, string Name)
    {
        public override string ToString() => Above is null ? Name : $"{Above}.{Name}";
    }
}
