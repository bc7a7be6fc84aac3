using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class AccuracyRulesTests
{
    private const string Version = "{namespace=\"payments\",model=\"fraud-detector\",version=\"7\"}";
    private const string OfClass = "{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",class=\"fraud\"}";

    private static readonly AccuracySpec Recall = new() { Metric = "Recall", Class = "fraud", Minimum = 0.8m, Window = "1h", MinSamples = 200 };

    [TestCase(80, false)]
    [TestCase(79, true)]
    public async Task A_recall_below_its_minimum_fires(int ofHundred, bool fires) => await Rules(Recall)
        .With(Feedback("fraud", "fraud"), $"0+{ofHundred}x90")
        .With(Feedback("fine", "fraud"), $"0+{100 - ofHundred}x90")
        .With(Feedback("fine", "fine"), "0+5000x90")
        .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
        .RunAsync();

    // Of class fraud: 60 right, 20 missed, 40 false alarms; 180 others right.
    [TestCase("Recall", 0.75)]
    [TestCase("Precision", 0.6)]
    [TestCase("F1", 0.6667)]
    public async Task Figures_of_one_class_are_what_they_are_called(string metric, double value) => await Rules(Recall with { Metric = metric })
        .With(Feedback("fraud", "fraud"), "0+60x90")
        .With(Feedback("fine", "fraud"), "0+20x90")
        .With(Feedback("fraud", "fine"), "0+40x90")
        .With(Feedback("fine", "fine"), "0+180x90")
        .Expect("1h15m", $"round(version:slipway_feedback_{metric.ToLowerInvariant()}:ratio, 0.0001)", (OfClass, value))
        .RunAsync();

    [TestCase(0.81, true)]
    [TestCase(0.79, false)]
    public async Task Accuracy_counts_every_answer(double minimum, bool fires) => await Rules(Recall with { Metric = "Accuracy", Class = "", Minimum = (decimal)minimum })
        .With(Counter("slipway_feedback_correct_total", ",correct=\"true\""), "0+8x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"false\""), "0+2x90")
        .Expect("1h15m", "round(version:slipway_feedback_accuracy:ratio, 0.0001)", (Version, 0.8))
        .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
        .RunAsync();

    // Ten values a minute with errors that sum up to 20, their squares to 90, and rewards to 5.
    [TestCase("MAE", "mae", 2)]
    [TestCase("RMSE", "rmse", 3)]
    [TestCase("Reward", "reward", 0.5)]
    public async Task Figures_of_values_are_means(string metric, string name, double value)
    {
        foreach (var fires in new[] { true, false })
        {
            var bound = (decimal)value + (fires == (metric == "Reward") ? 0.01m : -0.01m);
            await Rules(Recall with { Metric = metric, Class = "", Minimum = metric == "Reward" ? bound : null, Maximum = metric == "Reward" ? null : bound })
                .With(Counter("slipway_feedback_values_total"), "0+10x90")
                .With(Counter("slipway_feedback_absolute_error_total"), "0+20x90")
                .With(Counter("slipway_feedback_squared_error_total"), "0+90x90")
                .With(Counter("slipway_feedback_reward_total"), "0+5x90")
                .Expect("1h15m", $"round(version:slipway_feedback_{name}:mean, 0.0001)", (Version, value))
                .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
                .RunAsync();
        }
    }

    [TestCase("MAE", "mae")]
    [TestCase("RMSE", "rmse")]
    public async Task A_version_of_rewards_has_no_error(string metric, string name) => await Rules(Recall with { Metric = metric, Class = "", Minimum = null, Maximum = 0.1m })
        .With(Counter("slipway_feedback_values_total"), "0+10x90")
        .With(Counter("slipway_feedback_reward_total"), "0x90")
        .Expect("1h15m", $"version:slipway_feedback_{name}:mean")
        .Firing("1h15m")
        .RunAsync();

    [Test]
    public async Task It_fires_after_a_while_says_what_is_wrong_and_ends() => await Rules(Recall)
        .With(Feedback("fraud", "fraud"), RuleTest.Growing((5, 90), (10, 120)))
        .With(Feedback("fine", "fraud"), RuleTest.Growing((5, 90), (0, 120)))
        .Firing("30m")
        .Says("1h30m", AccuracyRules.AccuracyLow,
            new() { ["severity"] = "warning", ["namespace"] = "payments", ["model"] = "fraud-detector", ["version"] = "7", ["class"] = "fraud" },
            "Version 7 of model payments/fraud-detector is less right than it should be.",
            "Recall of class fraud, by the feedback of 1h, is 0.5, less than the least that is good enough, 0.8.")
        .Firing("1h30m", AccuracyRules.AccuracyLow)
        .Firing("3h")
        .RunAsync();

    [Test]
    public async Task A_class_that_was_never_found_is_seen_though_it_has_no_series() => await Rules(Recall)
        .With(Feedback("fine", "fraud"), "0+10x90")
        .With(Feedback("fine", "fine"), "0+100x90")
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfClass, 0))
        .Firing("1h15m", AccuracyRules.AccuracyLow)
        .RunAsync();

    [Test]
    public async Task A_class_that_did_not_come_is_no_alarm_and_neither_is_a_model_without_feedback()
    {
        await Rules(Recall).With(Feedback("fine", "fine"), "0+100x90").Expect("1h15m", "version:slipway_feedback_recall:ratio").Firing("1h15m").RunAsync();
        await Rules(Recall).With(Feedback("fine", "fine"), "0x90").With(Feedback("fraud", "fraud"), "0x90").Firing("1h15m").RunAsync();
        await Rules(Recall).Firing("1h15m").RunAsync();
    }

    [TestCase(3, false)]
    [TestCase(4, true)]
    public async Task Samples_are_those_that_the_figure_is_divided_by(int fraudsAMinute, bool fires) => await Rules(Recall)
        .With(Feedback("fine", "fraud"), $"0+{fraudsAMinute}x90")
        .With(Feedback("fine", "fine"), "0+5000x90")
        .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
        .RunAsync();

    // Of class fraud: 60 right, 20 missed, 40 false alarms a minute.
    [TestCase("Recall", 80)]
    [TestCase("Precision", 100)]
    [TestCase("F1", 120)]
    [TestCase("Accuracy", 300)]
    public async Task Each_metric_counts_its_own_samples(string metric, int aMinute) => await Rules(Recall with { Metric = metric, Class = metric == "Accuracy" ? "" : "fraud" })
        .With(Feedback("fraud", "fraud"), "0+60x90")
        .With(Feedback("fine", "fraud"), "0+20x90")
        .With(Feedback("fraud", "fine"), "0+40x90")
        .With(Feedback("fine", "fine"), "0+180x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"true\""), "0+240x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"false\""), "0+60x90")
        .Expect("1h15m", "round(version:slipway_feedback_samples:increase, 1)", (Version, 60 * aMinute))
        .RunAsync();

    [Test]
    public async Task Counters_that_start_again_and_pods_that_go_and_come_change_nothing() => await Rules(Recall)
        .With(Feedback("fraud", "fraud", "a"), "0+75x20 0+75x20 stale")
        .With(Feedback("fine", "fraud", "a"), "0+25x20 0+25x20 stale")
        .With(Feedback("fraud", "fraud", "b"), "_x45 0+75x60")
        .With(Feedback("fine", "fraud", "b"), "_x45 0+25x60")
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfClass, 0.75))
        .Firing("1h15m", AccuracyRules.AccuracyLow)
        .RunAsync();

    [Test]
    public async Task Versions_are_judged_apart_and_other_models_not_at_all() => await Rules(Recall)
        .With(Feedback("fraud", "fraud"), "0+90x90")
        .With(Feedback("fine", "fraud"), "0+10x90")
        .With("slipway_feedback_total{namespace=\"payments\",model=\"fraud-detector\",version=\"6\",pod=\"a\",predicted=\"fine\",actual=\"fraud\"}", "0+100x90")
        .With("slipway_feedback_total{namespace=\"payments\",model=\"churn\",version=\"7\",pod=\"a\",predicted=\"fine\",actual=\"fraud\"}", "0+100x90")
        .Expect("1h15m", "count by (model, version) (ALERTS)", ("{model=\"fraud-detector\",version=\"6\"}", 1))
        .RunAsync();

    private static RuleTest Rules(AccuracySpec accuracy) => new(new([AccuracyRules.Build(new("payments", "fraud-detector"), accuracy)]));

    private static string Feedback(string predicted, string actual, string pod = "a") => Counter("slipway_feedback_total", $",predicted=\"{predicted}\",actual=\"{actual}\"", pod);

    private static string Counter(string name, string labels = "", string pod = "a") =>
        $"{name}{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",pod=\"{pod}\"{labels}}}";
}
