using Slipway.Api.Validation;

namespace Slipway.Api.Tests.Validation;

internal sealed class MonitoringValidatorTests
{
    private static readonly AccuracySpec Recall = new() { Metric = "Recall", Class = "fraud", Minimum = 0.8m };

    [Test]
    public void An_empty_block_is_valid_and_so_is_a_full_one()
    {
        Errors(new()).Should().BeEmpty();
        Errors(new()
        {
            Drift = new() { Threshold = 0.1m, Window = "1m", For = "0s", MinSamples = 1, Features = ["amount", "output.score"] },
            Accuracy = Recall,
            Slo = new() { Availability = 99.99m, Latency = new() { Threshold = "50ms", Objective = 95 } },
            NoTraffic = new(),
            RuleLabels = new Dictionary<string, string> { ["release"] = "prometheus", ["team.example/name"] = "" },
        }).Should().BeEmpty();
    }

    [Test]
    public void Every_value_out_of_bounds_is_refused_by_its_path() => Errors(new()
    {
        Drift = new() { Threshold = 0, Window = "59s", For = "169h", MinSamples = 0, Features = ["amount", "", new('x', 136)] },
        Accuracy = Recall with { Minimum = 1.01m, Window = "9m", MinSamples = 0 },
        Slo = new() { Availability = 99.995m, Latency = new() { Threshold = "2h", Objective = 94.9m } },
        NoTraffic = new() { For = "4m" },
        RuleLabels = new Dictionary<string, string> { ["slipway.dev/model"] = "x", ["a b"] = "x", ["release"] = "no value" },
    }).Should().Equal(
        "spec.monitoring.drift.threshold", "spec.monitoring.drift.window", "spec.monitoring.drift.for", "spec.monitoring.drift.minSamples",
        "spec.monitoring.drift.features[1]", "spec.monitoring.drift.features[2]",
        "spec.monitoring.accuracy.minimum", "spec.monitoring.accuracy.window", "spec.monitoring.accuracy.minSamples",
        "spec.monitoring.slo.availability", "spec.monitoring.slo.latency.threshold", "spec.monitoring.slo.latency.objective",
        "spec.monitoring.noTraffic.for",
        "spec.monitoring.ruleLabels", "spec.monitoring.ruleLabels", "spec.monitoring.ruleLabels.release");

    [TestCase("Recall", "fraud", 0.8, null, "")]
    [TestCase("Recall", "", 0.8, null, "class")]
    [TestCase("Accuracy", "fraud", 0.8, null, "class")]
    [TestCase("Accuracy", "", 0.8, null, "")]
    [TestCase("Accuracy", "", null, null, "minimum")]
    [TestCase("F1", "fraud", -0.1, null, "minimum")]
    [TestCase("MAE", "", null, 12.5, "")]
    [TestCase("MAE", "", 12.5, null, "minimum,maximum")]
    [TestCase("RMSE", "", null, -1, "maximum")]
    [TestCase("Precision", "fraud", 0.8, 0.9, "maximum")]
    [TestCase("Reward", "", 3, null, "")]
    [TestCase("Reward", "", -3, null, "minimum")]
    [TestCase("Luck", "", 0.5, null, "metric")]
    public void Each_metric_has_its_own_bound_and_some_have_a_class(string metric, string name, double? minimum, double? maximum, string refused) =>
        string.Join(',', Errors(new() { Accuracy = new() { Metric = metric, Class = name, Minimum = (decimal?)minimum, Maximum = (decimal?)maximum } })
            .Select(path => path["spec.monitoring.accuracy.".Length..])).Should().Be(refused);

    private static IEnumerable<string> Errors(MonitoringSpec monitoring) => ModelDeploymentValidator.Validate(A.Model(monitoring: monitoring)).Select(error => error.Path);
}
