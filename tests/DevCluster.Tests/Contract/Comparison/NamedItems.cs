using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// A list of a discovery document seen by name, so that a kind that a server does not have is one difference and not a shift of all that follow.
/// </summary>
internal sealed class NamedItems
{
    private readonly Dictionary<string, JsonNode?> _items;

    private NamedItems(IReadOnlyList<string> names, Dictionary<string, JsonNode?> items)
    {
        Names = names;
        _items = items;
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The item called <paramref name="name"/>, or null when the list has none.</summary>
    public JsonNode? this[string name] => _items.GetValueOrDefault(name);

    public bool Contains(string name) => _items.ContainsKey(name);

    /// <summary>Null when the list at <paramref name="path"/> is no such list, or two of its items have one name.</summary>
    public static NamedItems? Of(string path, JsonArray list)
    {
        string last = path[(path.LastIndexOf('.') + 1)..];
        if (!list.All(item => item is JsonObject))
        {
            return null;
        }

        Func<JsonNode?, string?>? name = last switch
        {
            "resources" => item => item?["name"]?.ToString() ?? item?["resource"]?.ToString(),
            "subresources" => item => item?["subresource"]?.ToString(),
            "groups" => item => item?["name"]?.ToString(),
            "items" when list.All(item => item?["versions"] is not null) => item => item?["metadata"]?["name"]?.ToString() ?? "",
            _ => null,
        };
        if (name is null || list.Any(item => name(item) is null))
        {
            return null;
        }

        string[] names = [.. list.Select(item => name(item)!)];
        return names.Distinct().Count() == names.Length
            ? new NamedItems(names, names.Zip(list).ToDictionary(pair => pair.First, pair => pair.Second))
            : null;
    }
}
