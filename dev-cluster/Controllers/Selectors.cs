using k8s.Models;

namespace Slipway.DevCluster.Controllers;

/// <summary>Label selectors against labels.</summary>
internal static class Selectors
{
    /// <summary>An absent selector matches nothing, an empty one everything.</summary>
    public static bool Matches(this V1LabelSelector? selector, IDictionary<string, string>? labels) =>
        selector is not null
        && (selector.MatchLabels ?? new Dictionary<string, string>()).All(pair => Value(labels, pair.Key) == pair.Value)
        && (selector.MatchExpressions ?? []).All(rule => Matches(rule.OperatorProperty, Value(labels, rule.Key), rule.Values));

    /// <summary>A Service's selector; an absent or empty one matches nothing.</summary>
    public static bool Matches(this IDictionary<string, string>? selector, IDictionary<string, string>? labels) =>
        selector is { Count: > 0 } && selector.All(pair => Value(labels, pair.Key) == pair.Value);

    public static bool Matches(string @operator, string? value, IList<string>? values) => @operator switch
    {
        "In" => value is not null && values?.Contains(value) == true,
        "NotIn" => value is null || values?.Contains(value) != true,
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => long.TryParse(value, out var number) && long.TryParse(values?.FirstOrDefault(), out var least) && number > least,
        "Lt" => long.TryParse(value, out var number) && long.TryParse(values?.FirstOrDefault(), out var most) && number < most,
        _ => throw new ArgumentOutOfRangeException(nameof(@operator), @operator, null),
    };

    private static string? Value(IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;
}
