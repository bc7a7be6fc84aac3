using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using Slipway.Operator.Manifests;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>
/// A story of series and what rules make of it, told by promtool. Values are in its notation: <c>0+5x60</c> grows by 5 sixty times, <c>_x5</c> is
/// a gap, <c>stale</c> an end. Times are such as <c>1h30m</c>.
/// </summary>
/// <param name="interval">Between two values, and between two evaluations.</param>
internal sealed class RuleTest(RuleGroups rules, string interval = "1m")
{
    private const string Runbook = "https://runbooks.example/{alert}";

    private readonly JsonArray _series = [];
    private readonly JsonArray _expressions = [];
    private readonly JsonArray _alerts = [];

    private readonly RuleGroups _rules = new([.. rules.Groups.Select(group => Alert.WithRunbooks(group, Runbook))]);

    /// <summary>A counter that grows by so much at each step, for so many steps, and then by other numbers.</summary>
    public static string Growing(params (decimal By, int Steps)[] stretches)
    {
        var (text, value) = ("0", 0m);
        foreach (var (by, steps) in stretches)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" {value + by}+{by}x{steps - 1}");
            value += by * steps;
        }

        return text;
    }

    public RuleTest With(string series, string values)
    {
        _series.Add((JsonNode)new JsonObject { ["series"] = series, ["values"] = values });
        return this;
    }

    /// <summary>At this time these alerts fire and no other, each as <c>name</c> or, where it has several, <c>name severity</c>.</summary>
    public RuleTest Firing(string at, params string[] alerts)
    {
        var bySeverity = alerts.Any(alert => alert.Contains(' ', StringComparison.Ordinal));
        return Expect(
            at,
            $"count by (alertname{(bySeverity ? ", severity" : "")}) (ALERTS{{alertstate=\"firing\"}})",
            [.. alerts.Select(alert => ($"{{alertname=\"{alert.Replace(" ", "\",severity=\"", StringComparison.Ordinal)}\"}}", 1.0))]);
    }

    /// <summary>At this time the expression has these series and no other.</summary>
    public RuleTest Expect(string at, string expression, params (string Series, double Value)[] samples)
    {
        _expressions.Add((JsonNode)new JsonObject
        {
            ["expr"] = expression,
            ["eval_time"] = at,
            ["exp_samples"] = new JsonArray([.. samples.Select(sample => new JsonObject { ["labels"] = sample.Series, ["value"] = sample.Value })]),
        });
        return this;
    }

    /// <summary>At this time the alert has one instance, with these labels and the texts that its templates make of them.</summary>
    public RuleTest Says(string at, string alert, Dictionary<string, string> labels, string summary, string description)
    {
        _alerts.Add((JsonNode)new JsonObject
        {
            ["alertname"] = alert,
            ["eval_time"] = at,
            ["exp_alerts"] = new JsonArray(new JsonObject
            {
                ["exp_labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
                ["exp_annotations"] = new JsonObject { ["summary"] = summary, ["description"] = description, ["runbook_url"] = $"https://runbooks.example/{alert}" },
            }),
        });
        return this;
    }

    public Task RunAsync() => Promtool.RunAsync(
        ["test", "rules", "test.yaml"],
        ("rules.yaml", KubernetesYaml.Serialize(_rules)),
        ("test.yaml", Yaml.Write(new JsonObject
        {
            ["rule_files"] = new JsonArray("rules.yaml"),
            ["evaluation_interval"] = interval,
            // Otherwise by chance, and one that reads records of another would miss them where the interval is longer than a series is current.
            ["group_eval_order"] = new JsonArray([.. _rules.Groups.Select(group => JsonValue.Create(group.Name))]),
            ["tests"] = new JsonArray(new JsonObject { ["interval"] = interval, ["input_series"] = _series, ["promql_expr_test"] = _expressions, ["alert_rule_test"] = _alerts }),
        })));
}
