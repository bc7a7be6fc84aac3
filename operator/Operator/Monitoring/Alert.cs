namespace Slipway.Operator.Monitoring;

/// <summary>Makes alerts that all carry the same: how bad it is, what it is, and where it is told what to do.</summary>
internal static class Alert
{
    /// <summary>Somebody has to look now.</summary>
    public const string Critical = "critical";

    /// <summary>Somebody has to look in the next days.</summary>
    public const string Warning = "warning";

    /// <summary>Stands for an alert's name in the address of its runbook.</summary>
    public const string NameInRunbook = "{alert}";

    /// <summary>The page in <c>docs/runbooks</c>.</summary>
    public const string Runbook = $"https://github.com/slipway/slipway/blob/main/docs/runbooks/{NameInRunbook}.md";

    /// <summary>
    /// What the address of a runbook looks like: the name in its path, so that the host is one whatever the alert, and no dollar sign, which the chart's
    /// replacement would take for a group. The chart's schema has the same words.
    /// </summary>
    public const string RunbookPattern = @"https?://[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]{1,5})?/[^\s$]*\{alert\}[^\s$]*";

    /// <param name="expression">True where it is to fire.</param>
    /// <param name="for">How long it has to be true.</param>
    /// <param name="keep">How long it fires on after it was last true, so that it does not come and go; null: no longer.</param>
    /// <param name="summary">One line. Both texts are templates of Prometheus.</param>
    public static Rule Of(string name, string severity, string expression, TimeSpan @for, TimeSpan? keep, string summary, string description) => new()
    {
        Alert = name,
        Expr = expression,
        For = PromQl.Duration(@for),
        KeepFiringFor = keep is { } longer ? PromQl.Duration(longer) : null,
        Labels = new Dictionary<string, string> { ["severity"] = severity },
        Annotations = new Dictionary<string, string>
        {
            ["summary"] = summary,
            ["description"] = description,
        },
    };

    /// <summary>The group, with the address of its runbook at every alert.</summary>
    /// <param name="address">With <see cref="NameInRunbook"/> in it.</param>
    public static RuleGroup WithRunbooks(RuleGroup group, string address) => group with
    {
        Rules = [.. group.Rules.Select(rule => rule.Alert is not { } name ? rule : rule with
        {
            Annotations = new Dictionary<string, string>(rule.Annotations!) { ["runbook_url"] = address.Replace(NameInRunbook, name, StringComparison.Ordinal) },
        })],
    };

    /// <summary>A text of the user's, which is no template.</summary>
    public static string Literal(string text) => text.Replace("{{", "{{\"{{\"}}", StringComparison.Ordinal);

    /// <summary>
    /// How often what looks back over a window is computed: the longer it is, the more that costs and the less there is to see. Less than the five
    /// minutes that Prometheus takes a series for current.
    /// </summary>
    public static string IntervalFor(TimeSpan window) => PromQl.Duration(window < TimeSpan.FromHours(1) ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(4));
}
