using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>The keys of a strategic merge patch that are instructions, not fields.</summary>
internal static class Directives
{
    public const string Patch = "$patch";
    public const string Replace = "replace";
    public const string Delete = "delete";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";
    private const string Retain = "$retainKeys";

    /// <returns>Null when the object carries no <c>$patch</c>.</returns>
    public static string? PatchType(JsonObject patch) => patch.TryGetPropertyValue(Patch, out var value)
        ? value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : PrintedMap.Of(value)
        : null;

    public static StatusException UnknownType(string type, JsonObject patch)
    {
        patch[Patch] = type;
        return new StatusException(500, "", $"unknown patch type: {type} in map: {PrintedMap.Of(patch)}");
    }

    /// <summary>Carries out <c>$retainKeys</c>: every field of the target that the list does not name goes.</summary>
    public static void RetainKeys(JsonObject target, JsonObject patch)
    {
        if (patch[Retain] is JsonArray list)
        {
            var names = list.Select(name => name?.ToString()).ToHashSet();
            foreach (var name in target.Select(field => field.Key).Where(name => !names.Contains(name)).ToList())
            {
                target.Remove(name);
            }
        }

        patch.Remove(Retain);
    }

    /// <summary>A patch value that meets nothing to merge with: taken as it is, without nulls and directives.</summary>
    public static JsonNode? Clean(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject fields:
                var clean = new JsonObject();
                foreach (var (name, child) in fields)
                {
                    if (child is not null && !name.StartsWith('$'))
                    {
                        clean[name] = Clean(child);
                    }
                }

                return clean;
            case JsonArray items:
                return new JsonArray([.. items.Where(item => item is not JsonObject fields || !fields.ContainsKey(Patch)).Select(Clean)]);
            default:
                return value?.DeepClone();
        }
    }
}
