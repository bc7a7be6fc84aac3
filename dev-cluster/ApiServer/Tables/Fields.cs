using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>Reads fields of an object for cells; what is absent reads as zero, empty or none.</summary>
internal static class Fields
{
    public const string None = "<none>";

    /// <summary>The node at a dotted path, or null when any part is absent.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (string part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }

    public static string TextAt(this JsonNode? node, string path) => node.At(path)?.ToString() ?? "";

    public static long NumberAt(this JsonNode? node, string path) =>
        long.TryParse(node.At(path)?.ToString(), CultureInfo.InvariantCulture, out long number) ? number : 0;

    public static IEnumerable<JsonObject> ListAt(this JsonNode? node, string path) => (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    public static IEnumerable<string> TextsAt(this JsonNode? node, string path) => (node.At(path) as JsonArray ?? []).Select(item => item?.ToString() ?? "");

    public static string OrNone(this string text) => text.Length == 0 ? None : text;

    /// <summary>The first three, and how many there are beyond them.</summary>
    public static string FirstThree(IReadOnlyList<string> items, string whenEmpty) => items.Count switch
    {
        0 => whenEmpty,
        <= 3 => string.Join(',', items),
        _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', items.Take(3))} + {items.Count - 3} more..."),
    };

    /// <summary>A map of labels as <c>a=b,c=d</c>, or none.</summary>
    public static string Labels(JsonNode? labels) =>
        string.Join(',', (labels as JsonObject ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")).OrNone();

    /// <summary>A LabelSelector as people write one: <c>a=b,tier in (x,y)</c>, or none.</summary>
    public static string Selector(JsonNode? selector)
    {
        IEnumerable<string> equal = (selector.At("matchLabels") as JsonObject ?? []).Select(pair => $"{pair.Key}={pair.Value}");
        IEnumerable<string> other = selector.ListAt("matchExpressions").Select(Expression);
        return string.Join(',', equal.Concat(other).Order(StringComparer.Ordinal)).OrNone();
    }

    private static string Expression(JsonObject expression)
    {
        string key = expression.TextAt("key");
        string values = string.Join(',', expression.TextsAt("values").Order(StringComparer.Ordinal));
        return expression.TextAt("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => "!" + key,
            _ => key,
        };
    }
}
