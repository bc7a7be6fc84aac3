using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>
/// Which lists of the built-in kinds are maps by key, as the API server merges them. Lists that are not here are compared as a whole;
/// where that is wrong, the dry run shows that there is nothing to write.
/// </summary>
internal static class ListKeys
{
    private static readonly string[] ByName = ["name"];

    private static readonly FrozenDictionary<string, string[]> Table = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["containers"] = ByName,
        ["initContainers"] = ByName,
        ["ephemeralContainers"] = ByName,
        ["env"] = ByName,
        ["volumes"] = ByName,
        ["imagePullSecrets"] = ByName,
        ["secrets"] = ByName,
        ["schedulingGates"] = ByName,
        ["resourceClaims"] = ByName,
        ["resources.claims"] = ByName,
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["hostAliases"] = ["ip"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
        ["ownerReferences"] = ["uid"],
        ["conditions"] = ["type"],
        ["containers.ports"] = ["containerPort", "protocol"],
        ["initContainers.ports"] = ["containerPort", "protocol"],
        ["ephemeralContainers.ports"] = ["containerPort", "protocol"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] ServicePorts = ["port", "protocol"];

    /// <summary>Keys of one list are equal by value.</summary>
    public static IEqualityComparer<IReadOnlyList<KeyValuePair<string, JsonNode>>> ByValue { get; } = new KeyComparer();

    /// <summary>The names of the key fields of the list at <paramref name="path"/>; null means that the list is one value.</summary>
    public static string[]? Of(ResourceKind kind, FieldPath path)
    {
        var field = path.FieldAbove(0);
        // Owner references are the same in every kind; the other rows are those of the built-in ones.
        if (!kind.BuiltIn && field != "ownerReferences")
        {
            return null;
        }

        return (kind.Kind, path.ToString()) == ("Service", ".spec.ports")
            ? ServicePorts
            : Table.GetValueOrDefault($"{path.FieldAbove(1)}.{field}") ?? Table.GetValueOrDefault(field);
    }

    /// <summary>The key of one element, its defaults filled in; null means that the element lacks a key field.</summary>
    public static IReadOnlyList<KeyValuePair<string, JsonNode>>? KeyOf(string[] names, JsonNode? element)
    {
        var key = new List<KeyValuePair<string, JsonNode>>(names.Length);
        foreach (var name in names)
        {
            var value = (element as JsonObject)?[name] ?? (name == "protocol" ? JsonValue.Create("TCP") : null);
            if (value is null)
            {
                return null;
            }

            key.Add(new(name, value));
        }

        return key;
    }

    private sealed class KeyComparer : IEqualityComparer<IReadOnlyList<KeyValuePair<string, JsonNode>>>
    {
        public bool Equals(IReadOnlyList<KeyValuePair<string, JsonNode>>? one, IReadOnlyList<KeyValuePair<string, JsonNode>>? other) =>
            one is null || other is null ? one == other : one.Zip(other).All(pair => JsonNode.DeepEquals(pair.First.Value, pair.Second.Value));

        public int GetHashCode(IReadOnlyList<KeyValuePair<string, JsonNode>> key)
        {
            var hash = default(HashCode);
            foreach (var (_, value) in key)
            {
                hash.Add(HashOf(value));
            }

            return hash.ToHashCode();
        }

        private static int HashOf(JsonNode value) => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().GetHashCode(StringComparison.Ordinal),
            // 80 and 80.0 are equal.
            JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).GetHashCode(),
            var kind => (int)kind,
        };
    }
}
