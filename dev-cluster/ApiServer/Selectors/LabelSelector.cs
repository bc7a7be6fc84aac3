using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Selectors;

/// <summary>A parsed <c>labelSelector</c>: every requirement must hold.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
{
    public static LabelSelector Everything { get; } = new([]);

    public bool IsEmpty => requirements.Count == 0;

    /// <exception cref="StatusException">400, in the words of the API server's own parser.</exception>
    public static LabelSelector Parse(string text) => text.Length == 0 ? Everything : new LabelSelector(new LabelSelectorParser(text).Parse());

    /// <summary>
    /// The selector that a LabelSelector object (<c>matchLabels</c>, <c>matchExpressions</c>) means; an absent one selects nothing, an empty one all.
    /// </summary>
    public static LabelSelector FromObject(JsonObject? selector)
    {
        if (selector is null)
        {
            return new LabelSelector([new LabelRequirement("", LabelOperator.In, [])]);
        }

        var equalities = (selector["matchLabels"] as JsonObject ?? [])
            .Select(pair => new LabelRequirement(pair.Key, LabelOperator.In, [(string?)pair.Value ?? ""]));
        var expressions = (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>().Select(Expression);
        return new LabelSelector([.. equalities, .. expressions]);
    }

    public bool Matches(JsonObject value) =>
        IsEmpty || requirements.All(r => r.Matches(value["metadata"]?["labels"] as JsonObject));

    /// <summary>The selector as clients write it, requirements in order of key: <c>app=web,tier in (a,b)</c>.</summary>
    public override string ToString() => string.Join(',', requirements.OrderBy(r => r.Key, StringComparer.Ordinal).Select(Text));

    private static LabelRequirement Expression(JsonObject expression) => new(
        (string?)expression["key"] ?? "",
        (string?)expression["operator"] switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            var other => throw StatusErrors.BadRequest($"\"{other}\" is not a valid label selector operator"),
        },
        [.. (expression["values"] as JsonArray ?? []).Select(v => (string?)v ?? "")]);

    private static string Text(LabelRequirement r) => r.Operator switch
    {
        LabelOperator.Exists => r.Key,
        LabelOperator.DoesNotExist => "!" + r.Key,
        LabelOperator.In when r.Values.Count == 1 => $"{r.Key}={r.Values[0]}",
        LabelOperator.In => $"{r.Key} in ({Sorted(r)})",
        LabelOperator.NotIn when r.Values.Count == 1 => $"{r.Key}!={r.Values[0]}",
        LabelOperator.NotIn => $"{r.Key} notin ({Sorted(r)})",
        LabelOperator.GreaterThan => $"{r.Key}>{r.Values[0]}",
        LabelOperator.LessThan => $"{r.Key}<{r.Values[0]}",
        _ => throw new InvalidOperationException($"unknown label operator {r.Operator}"),
    };

    private static string Sorted(LabelRequirement r) => string.Join(',', r.Values.Order(StringComparer.Ordinal));
}
