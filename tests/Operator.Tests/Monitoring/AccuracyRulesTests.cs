using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class AccuracyRulesTests
{
    private static readonly string Version = Labels();
    private static readonly string OfRewards = Labels(version: "8");
    private static readonly string OfClass = Labels(",class=\"fraud\"");
    private static readonly string OfOtherClass = Labels(",class=\"fine\"");

    private static readonly AccuracySpec Recall = new() { Metric = "Recall", Class = "fraud", Minimum = 0.8m, Window = "1h", MinSamples = 200 };

    private static readonly AccuracySpec?[] WithAndWithout = [Recall, Recall with { Metric = "MAE", Class = "", Minimum = null, Maximum = 1 }, null];

    [TestCase(80, false)]
    [TestCase(79, true)]
    public async Task A_recall_below_its_minimum_fires(int ofHundred, bool fires) => await Rules(Recall)
        .With(Feedback("fraud", "fraud"), $"0+{ofHundred}x90")
        .With(Feedback("fine", "fraud"), $"0+{100 - ofHundred}x90")
        .With(Feedback("fine", "fine"), "0+5000x90")
        .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
        .RunAsync();

    [TestCaseSource(nameof(WithAndWithout))]
    public async Task Every_figure_is_there_whatever_is_chosen(AccuracySpec? accuracy) => await Told(accuracy)
        .With(Counter("slipway_feedback_values_total"), "0+10x90")
        .With(Counter("slipway_feedback_absolute_error_total"), "0+20x90")
        .With(Counter("slipway_feedback_squared_error_total"), "0+90x90")
        .With(Counter("slipway_feedback_positive_error_total"), "0+5x90")
        .With(Counter("slipway_feedback_negative_error_total"), "0+15x90")
        .With(Counter("slipway_feedback_values_total", version: "8"), "0+10x90")
        .With(Counter("slipway_feedback_reward_total", version: "8"), "0+5x90")
        .Expect("1h15m", "round(version:slipway_feedback_accuracy:ratio, 0.0001)", (Version, 0.8))
        .Expect("1h15m", "round(version:slipway_feedback_precision:ratio, 0.0001)", (OfClass, 0.6), (OfOtherClass, 0.9))
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfClass, 0.75), (OfOtherClass, 0.8182))
        .Expect("1h15m", "round(version:slipway_feedback_f1:ratio, 0.0001)", (OfClass, 0.6667), (OfOtherClass, 0.8571))
        .Expect("1h15m", "round(version:slipway_feedback_mae:mean, 0.0001)", (Version, 2))
        .Expect("1h15m", "round(version:slipway_feedback_rmse:mean, 0.0001)", (Version, 3))
        .Expect("1h15m", "round(version:slipway_feedback_bias:mean, 0.0001)", (Version, -1))
        .Expect("1h15m", "round(version:slipway_feedback_reward:mean, 0.0001)", (OfRewards, 0.5))
        .RunAsync();

    [Test]
    public async Task Only_a_figure_that_has_a_bound_is_an_alarm()
    {
        await Told(Recall).Firing("1h15m", AccuracyRules.AccuracyLow).RunAsync();
        await Told(Recall with { Class = "fine" }).Firing("1h15m").RunAsync();
        await Told(null).Firing("1h15m").RunAsync();
    }

    [Test]
    public async Task What_is_counted_is_there_by_version_by_class_and_by_pair() => await Told(Recall)
        .With(Counter("slipway_feedback_values_total"), "0+10x90")
        .With(Counter("slipway_feedback_absolute_error_total"), "0+20x90")
        .With(Counter("slipway_feedback_values_total", version: "8"), "0+5x90")
        .With(Counter("slipway_feedback_reward_total", version: "8"), "0x90")
        .Expect("1h15m", "round(version:slipway_feedback_samples:increase, 1)",
            (Labels(",kind=\"class\""), 18_000), (Labels(",kind=\"value\""), 600), (Labels(",kind=\"reward\"", version: "8"), 300))
        .Expect("1h15m", "round(class:slipway_feedback_predicted:increase, 1)", (OfClass, 6_000), (OfOtherClass, 12_000))
        .Expect("1h15m", "round(class:slipway_feedback_actual:increase, 1)", (OfClass, 4_800), (OfOtherClass, 13_200))
        .Expect("1h15m", "round(class:slipway_feedback_right:increase, 1)", (OfClass, 3_600), (OfOtherClass, 10_800))
        .Expect("1h15m", "round(class:slipway_feedback_either:increase, 1)", (OfClass, 7_200), (OfOtherClass, 14_400))
        .Expect("1h15m", "round(pair:slipway_feedback:increase{predicted=\"fine\",actual=\"fraud\"}, 1)", (Labels(",predicted=\"fine\",actual=\"fraud\""), 1_200))
        .RunAsync();

    [Test]
    public async Task The_window_is_a_day_where_nothing_is_chosen() => await Rules(null, "15m")
        .With(Counter("slipway_feedback_values_total"), "0+15x120")
        .With(Counter("slipway_feedback_absolute_error_total"), "0x120")
        .Expect("30h", "round(version:slipway_feedback_samples:increase, 1)", (Labels(",kind=\"value\""), 24 * 60))
        .RunAsync();

    [Test]
    public async Task A_class_that_was_only_predicted_or_only_came_has_the_figures_that_it_can_have() => await Rules(null)
        .With(Feedback("fraud", "fine"), "0+10x90")
        .Expect("1h15m", "round(version:slipway_feedback_precision:ratio, 0.0001)", (OfClass, 0))
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfOtherClass, 0))
        .Expect("1h15m", "round(version:slipway_feedback_f1:ratio, 0.0001)", (OfClass, 0), (OfOtherClass, 0))
        .RunAsync();

    [Test]
    public async Task The_name_of_a_class_is_any_text() => await Rules(null)
        .With(Counter("slipway_feedback_total", ",predicted=\"$1 {{ .* \\\"\\n|\",actual=\"$1 {{ .* \\\"\\n|\""), "0+10x90")
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (Labels(",class=\"$1 {{ .* \\\"\\n|\""), 1))
        .RunAsync();

    [TestCase(0.81, true)]
    [TestCase(0.79, false)]
    public async Task Accuracy_counts_every_answer(double minimum, bool fires) => await Rules(Recall with { Metric = "Accuracy", Class = "", Minimum = (decimal)minimum })
        .With(Counter("slipway_feedback_correct_total", ",correct=\"true\""), "0+8x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"false\""), "0+2x90")
        .Expect("1h15m", "round(version:slipway_feedback_accuracy:ratio, 0.0001)", (Version, 0.8))
        .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
        .RunAsync();

    // Ten values a minute with errors that sum up to 20, their squares to 90, or with rewards that sum up to 5.
    [TestCase("MAE", "mae", 2)]
    [TestCase("RMSE", "rmse", 3)]
    [TestCase("Reward", "reward", 0.5)]
    public async Task Figures_of_values_are_means(string metric, string name, double value)
    {
        foreach (var fires in new[] { true, false })
        {
            var bound = (decimal)value + (fires == (metric == "Reward") ? 0.01m : -0.01m);
            await Amounts(Bounded(metric, bound), metric)
                .Expect("1h15m", $"round(version:slipway_feedback_{name}:mean, 0.0001)", (Version, value))
                .Firing("1h15m", fires ? [AccuracyRules.AccuracyLow] : [])
                .RunAsync();
        }
    }

    [TestCase("MAE", "mae")]
    [TestCase("RMSE", "rmse")]
    [TestCase("Reward", "reward")]
    public async Task A_version_of_which_pods_were_told_both_kinds_has_a_mean_of_neither(string metric, string name)
    {
        // Nothing is as good as these ask for, so that any mean fires.
        var asked = Bounded(metric, metric == "Reward" ? 100 : 0);
        foreach (var (values, means) in new[] { ("0+10x90", false), ("0x90", true) })
        {
            await Amounts(asked, metric)
                .With(Counter("slipway_feedback_values_total", pod: "b"), values)
                .With(Counter(metric == "Reward" ? "slipway_feedback_absolute_error_total" : "slipway_feedback_reward_total", pod: "b"), "0x90")
                .Expect("1h15m", $"count(version:slipway_feedback_{name}:mean)", means ? [("{}", 1)] : [])
                .Expect("1h15m", "count(version:slipway_feedback_bias:mean)", means && metric != "Reward" ? [("{}", 1)] : [])
                .Firing("1h15m", means ? [AccuracyRules.AccuracyLow] : [])
                .RunAsync();
        }
    }

    [TestCase("MAE", "mae")]
    [TestCase("RMSE", "rmse")]
    public async Task A_version_of_rewards_has_no_error(string metric, string name) => await Rules(Bounded(metric, 0.1m))
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
        .Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfClass, 0), (OfOtherClass, 1))
        .Firing("1h15m", AccuracyRules.AccuracyLow)
        .RunAsync();

    [Test]
    public async Task A_class_that_did_not_come_is_no_alarm_and_neither_is_a_model_without_feedback()
    {
        await Rules(Recall).With(Feedback("fine", "fine"), "0+100x90").Expect("1h15m", "round(version:slipway_feedback_recall:ratio, 0.0001)", (OfOtherClass, 1)).Firing("1h15m").RunAsync();
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

    [TestCase("Recall", 4_800)]
    [TestCase("Precision", 6_000)]
    [TestCase("F1", 7_200)]
    [TestCase("Accuracy", 18_000)]
    public async Task Each_metric_counts_its_own_samples(string metric, int anHour)
    {
        foreach (var least in new[] { anHour - 1, anHour + 1 })
        {
            await Told(Recall with { Metric = metric, Class = metric == "Accuracy" ? "" : "fraud", Minimum = 0.99m, MinSamples = least })
                .Firing("1h25m", least < anHour ? [AccuracyRules.AccuracyLow] : [])
                .RunAsync();
        }
    }

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

    private static RuleTest Rules(AccuracySpec? accuracy, string interval = "1m") => new(new([AccuracyRules.Build(new("payments", "fraud-detector"), accuracy)]), interval);

    /// <summary>Each minute, of class fraud 60 right, 20 missed and 40 false alarms; 180 others right.</summary>
    private static RuleTest Told(AccuracySpec? accuracy) => Rules(accuracy)
        .With(Feedback("fraud", "fraud"), "0+60x90")
        .With(Feedback("fine", "fraud"), "0+20x90")
        .With(Feedback("fraud", "fine"), "0+40x90")
        .With(Feedback("fine", "fine"), "0+180x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"true\""), "0+240x90")
        .With(Counter("slipway_feedback_correct_total", ",correct=\"false\""), "0+60x90");

    /// <summary>Each minute ten of the kind that the metric is of.</summary>
    private static RuleTest Amounts(AccuracySpec accuracy, string metric)
    {
        var rules = Rules(accuracy).With(Counter("slipway_feedback_values_total"), "0+10x90");
        return metric == "Reward"
            ? rules.With(Counter("slipway_feedback_reward_total"), "0+5x90")
            : rules
                .With(Counter("slipway_feedback_absolute_error_total"), "0+20x90")
                .With(Counter("slipway_feedback_squared_error_total"), "0+90x90")
                .With(Counter("slipway_feedback_positive_error_total"), "0+5x90")
                .With(Counter("slipway_feedback_negative_error_total"), "0+15x90");
    }

    private static AccuracySpec Bounded(string metric, decimal bound) =>
        Recall with { Metric = metric, Class = "", Minimum = metric == "Reward" ? bound : null, Maximum = metric == "Reward" ? null : bound };

    private static string Labels(string more = "", string version = "7") => $"{{namespace=\"payments\",model=\"fraud-detector\",version=\"{version}\"{more}}}";

    private static string Feedback(string predicted, string actual, string pod = "a") => Counter("slipway_feedback_total", $",predicted=\"{predicted}\",actual=\"{actual}\"", pod);

    private static string Counter(string name, string labels = "", string pod = "a", string version = "7") =>
        $"{name}{{namespace=\"payments\",model=\"fraud-detector\",version=\"{version}\",pod=\"{pod}\"{labels}}}";
}
