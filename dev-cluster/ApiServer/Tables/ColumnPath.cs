using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>
/// The JSONPath of a printer column: fields (<c>.a.b</c>, <c>['a']</c>, <c>\.</c> inside a name), indexes (negative from the end), <c>[*]</c>, and
/// filters of one comparison (<c>[?(@.type=="Ready")]</c>). What does not parse finds nothing.
/// </summary>
internal sealed partial class ColumnPath
{
    private readonly IReadOnlyList<Func<JsonNode?, IEnumerable<JsonNode?>>> _steps;

    private ColumnPath(IReadOnlyList<Func<JsonNode?, IEnumerable<JsonNode?>>> steps) => _steps = steps;

    public static ColumnPath Parse(string text)
    {
        string rest = text.Trim().TrimStart('{').TrimEnd('}').TrimStart('$');
        List<Func<JsonNode?, IEnumerable<JsonNode?>>> steps = [];
        while (rest.Length > 0)
        {
            Match match = Step().Match(rest);
            if (!match.Success)
            {
                return new ColumnPath([_ => []]);
            }

            steps.Add(ToStep(match));
            rest = rest[match.Length..];
        }

        return new ColumnPath(steps);
    }

    /// <summary>All values at the path, in order.</summary>
    public IReadOnlyList<JsonNode?> Find(JsonNode? root) => [.. _steps.Aggregate<Func<JsonNode?, IEnumerable<JsonNode?>>, IEnumerable<JsonNode?>>(
        [root], (found, step) => found.SelectMany(step))];

    private static Func<JsonNode?, IEnumerable<JsonNode?>> ToStep(Match match)
    {
        if (match.Groups["name"] is { Success: true } name)
        {
            string field = name.Value.Replace("\\.", ".", StringComparison.Ordinal);
            return node => Field(node, field);
        }

        if (match.Groups["index"] is { Success: true } index)
        {
            int number = int.Parse(index.Value, CultureInfo.InvariantCulture);
            return node => Index(node, number);
        }

        if (match.Groups["filter"] is { Success: true })
        {
            return Filter(Parse(match.Groups["path"].Value), match.Groups["operator"].Value, match.Groups["value"].Value);
        }

        return All;
    }

    private static IEnumerable<JsonNode?> Field(JsonNode? node, string name) =>
        node is JsonObject obj && obj.TryGetPropertyValue(name, out JsonNode? value) ? [value] : [];

    private static IEnumerable<JsonNode?> Index(JsonNode? node, int index)
    {
        if (node is not JsonArray list)
        {
            return [];
        }

        int at = index < 0 ? list.Count + index : index;
        return at >= 0 && at < list.Count ? [list[at]] : [];
    }

    private static IEnumerable<JsonNode?> All(JsonNode? node) => node switch
    {
        JsonArray list => list,
        JsonObject obj => obj.Select(pair => pair.Value),
        _ => [],
    };

    private static Func<JsonNode?, IEnumerable<JsonNode?>> Filter(ColumnPath path, string comparison, string literal)
    {
        string wanted = literal.Length > 1 && literal[0] is '"' or '\'' ? literal[1..^1] : literal;
        return node => All(node).Where(item => path.Find(item) is [{ } found, ..] && comparison switch
        {
            "==" => found.ToString() == wanted,
            "!=" => found.ToString() != wanted,
            _ => Compare(found.ToString(), wanted, comparison),
        });
    }

    private static bool Compare(string found, string wanted, string comparison)
    {
        if (!double.TryParse(found, CultureInfo.InvariantCulture, out double left) || !double.TryParse(wanted, CultureInfo.InvariantCulture, out double right))
        {
            return false;
        }

        return comparison switch { "<" => left < right, "<=" => left <= right, ">" => left > right, _ => left >= right };
    }

    [GeneratedRegex(
        """
        ^(?: \.\*
           | \.?\[\*\]
           | \.?\[(?<index>-?\d+)\]
           | \.?\['(?<name>[^']*)'\]
           | \.?\[(?<filter>\?)\(\s*@(?<path>[^=!<>\s]*)\s*(?<operator>==|!=|<=|>=|<|>)\s*(?<value>"[^"]*"|'[^']*'|[^)\s]+)\s*\)\]
           | \.(?<name>(?:\\\.|[^.\[\]\\])+) )
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Step();
}
