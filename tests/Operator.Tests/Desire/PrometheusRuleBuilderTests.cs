using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Tests.Monitoring;

namespace Slipway.Operator.Tests.Desire;

internal sealed class PrometheusRuleBuilderTests
{
    private static readonly MonitoringSpec Everything = new()
    {
        Drift = new() { Features = ["amount", "output.p(fraud)"] },
        Accuracy = new() { Metric = "Recall", Class = "fraud", Minimum = 0.8m },
        Slo = new() { Availability = 99.9m, Latency = new() { Threshold = "50ms" } },
        NoTraffic = new(),
        RuleLabels = new Dictionary<string, string> { ["release"] = "prometheus" },
    };

    [Test]
    public void Everything_that_can_be_watched() => Golden.Match(Build(Everything)!, "prometheus-rule");

    [Test]
    public void An_empty_block_watches_drift_and_tells_of_requests_and_accuracy() => Names(Build(new())).Should().Equal("requests", "drift", "accuracy");

    [Test]
    public void What_is_switched_off_has_no_rules() => Names(Build(new() { Drift = new() { Enabled = false }, Slo = new() })).Should().Equal("requests", "accuracy");

    [Test]
    public void None_is_wanted_without_monitoring() => Build(null).Should().BeNull();

    [TestCaseSource(nameof(Specs))]
    public async Task Promtool_accepts_the_rules(MonitoringSpec monitoring) => await Promtool.CheckAsync(Build(monitoring)!.Spec!);

    [Test]
    public void Every_series_that_is_read_is_of_this_model_alone() => Build(Everything)!.Spec!.Groups.SelectMany(group => group.Rules)
        .SelectMany(rule => rule.Expr.Split('{').Skip(1))
        .Should().OnlyContain(selector => selector.StartsWith("namespace=\"payments\", model=\"fraud-detector\"", StringComparison.Ordinal));

    private static IEnumerable<TestCaseData> Specs()
    {
        yield return new TestCaseData(Everything).SetArgDisplayNames("everything");
        yield return new TestCaseData(new MonitoringSpec()).SetArgDisplayNames("nothing");
        yield return new TestCaseData(new MonitoringSpec { Drift = new() { Features = [".*|+?()[]{}^$\\", "a\"b", "line\nbreak"] } }).SetArgDisplayNames("names of features that mean something to patterns");
        foreach (var metric in new[] { "Accuracy", "Precision", "Recall", "F1", "MAE", "RMSE", "Reward" })
        {
            var accuracy = new AccuracySpec { Metric = metric, Minimum = 0.5m, Maximum = 1e9m, Class = AccuracyMetrics.IsOfOneClass(metric) ? "{{ 5\" \\ }}" : "" };
            yield return new TestCaseData(new MonitoringSpec { Accuracy = accuracy }).SetArgDisplayNames(metric);
        }
    }

    private static PrometheusRule? Build(MonitoringSpec? monitoring) => PrometheusRuleBuilder.Build(A.Context(A.Model(monitoring: monitoring)));

    private static IEnumerable<string> Names(PrometheusRule? rule) => rule!.Spec!.Groups.Select(group => group.Name);
}
