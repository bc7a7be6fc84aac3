using Slipway.Api;
using Slipway.Operator.Monitoring;
using static Slipway.Operator.Tests.Monitoring.DriftSeries;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>A feature of two bins, half of the training rows in each: the index is 0.2 when 71.6 percent of the live rows are in one.</summary>
internal sealed class DriftRulesTests
{
    private static readonly DriftSpec HalfHour = new() { Window = "30m", For = "10m" };

    [TestCase(720, true)]
    [TestCase(712, false)]
    [TestCase(500, false)]
    [TestCase(280, true)]
    public async Task A_feature_past_the_threshold_fires_and_one_just_below_does_not(int ofThousand, bool fires) => await Rules()
        .Pod("a", "amount", ofThousand)
        .Firing("45m", fires ? [DriftRules.FeatureDrift] : [])
        .RunAsync();

    [Test]
    public async Task The_index_is_that_of_its_definition()
    {
        var expected = (0.22 * Math.Log(0.72 / 0.5)) - (0.22 * Math.Log(0.28 / 0.5));

        await Rules()
            .Pod("a", "amount", 720)
            .Expect("45m", "round(feature:slipway_drift:psi, 0.0001)", (Labels("amount"), Math.Round(expected, 4)))
            .Expect("45m", "round(bin:slipway_drift_actual:ratio{bin=\"low\"}, 0.0001)", (Labels("amount", ",bin=\"low\""), 0.72))
            .RunAsync();
    }

    [Test]
    public async Task A_bin_that_no_row_fell_into_counts_as_one_of_ten_thousand()
    {
        var expected = (0.5 * Math.Log(1 / 0.5)) + ((0.0001 - 0.5) * Math.Log(0.0001 / 0.5));

        await Rules()
            .Pod("a", "amount", 1000)
            .Expect("45m", "round(feature:slipway_drift:psi, 0.0001)", (Labels("amount"), Math.Round(expected, 4)))
            .RunAsync();
    }

    [Test]
    public async Task It_fires_after_its_time_says_what_is_wrong_and_ends_when_the_window_is_clean_again() => await Rules()
        .With(Count("a", "amount", "low"), RuleTest.Growing((80, 60), (50, 120)))
        .With(Count("a", "amount", "high"), RuleTest.Growing((20, 60), (50, 120)))
        .Expecting("a", "amount")
        .Firing("10m")
        .Firing("17m", DriftRules.FeatureDrift)
        .Says("50m", DriftRules.FeatureDrift, AlertLabels("amount"),
            "Feature amount of model payments/fraud-detector is not what version 7 was trained on.",
            "The population stability index over 30m is 0.42, more than 0.2.")
        .Firing("1h5m", DriftRules.FeatureDrift)
        .Firing("2h")
        .RunAsync();

    [Test]
    public async Task What_the_model_answers_is_an_alert_of_its_own() => await Rules()
        .Pod("a", "output.score", 800)
        .Says("45m", DriftRules.PredictionDrift, AlertLabels("output.score"),
            "The answers of model payments/fraud-detector, output.score, are not those that version 7 gave in training.",
            "The population stability index over 30m is 0.42, more than 0.2.")
        .Firing("45m", DriftRules.PredictionDrift)
        .RunAsync();

    [Test]
    public async Task Pods_that_differ_are_no_drift_of_the_fleet() => await Rules().Pod("a", "amount", 900).Pod("b", "amount", 100).Firing("45m").RunAsync();

    [Test]
    public async Task A_counter_that_starts_again_changes_nothing() => await Rules()
        .With(Count("a", "amount", "low"), "0+72x20 0+72x40")
        .With(Count("a", "amount", "high"), "0+28x20 0+28x40")
        .Expecting("a", "amount")
        .Expect("45m", "round(feature:slipway_drift:psi, 0.0001)", (Labels("amount"), 0.2078))
        .Firing("45m", DriftRules.FeatureDrift)
        .RunAsync();

    [Test]
    public async Task Pods_that_go_and_come_change_nothing() => await Rules()
        .With(Count("a", "amount", "low"), "0+72x30 stale")
        .With(Count("a", "amount", "high"), "0+28x30 stale")
        .With(Expected("a", "amount", "low"), "0.5x30 stale")
        .With(Expected("a", "amount", "high"), "0.5x30 stale")
        .With(Count("b", "amount", "low"), "_x32 0+72x30")
        .With(Count("b", "amount", "high"), "_x32 0+28x30")
        .With(Expected("b", "amount", "low"), "_x32 0.5x30")
        .With(Expected("b", "amount", "high"), "_x32 0.5x30")
        .Firing("30m", DriftRules.FeatureDrift)
        .Firing("45m", DriftRules.FeatureDrift)
        .RunAsync();

    [Test]
    public async Task Nothing_is_said_of_too_few_rows() => await Rules(HalfHour with { MinSamples = 40_000 }).Pod("a", "amount", 900).Firing("45m").RunAsync();

    [Test]
    public async Task A_feature_of_many_bins_needs_more_rows()
    {
        var rules = Rules(HalfHour with { MinSamples = 1 });
        foreach (var bin in Enumerable.Range(0, 20))
        {
            // 30 rows a minute, 900 in the window, where 20 bins need 1,000.
            rules.With(Count("a", "amount", $"{bin}"), bin == 0 ? "0+30x60" : "0x60").With(Expected("a", "amount", $"{bin}"), "0.05x60");
        }

        await rules.Expect("45m", "count(feature:slipway_drift:psi)").Firing("45m").RunAsync();
    }

    [Test]
    public async Task Without_a_baseline_nothing_is_said() => await Rules()
        .With(Count("a", "amount", "low"), "0+90x60")
        .With(Count("a", "amount", "high"), "0+10x60")
        .Firing("45m")
        .RunAsync();

    [Test]
    public async Task A_model_that_nobody_asks_has_not_drifted() => await Rules()
        .With(Count("a", "amount", "low"), "0x60")
        .With(Count("a", "amount", "high"), "0x60")
        .Expecting("a", "amount")
        .Firing("45m")
        .RunAsync();

    [TestCase(1800, "25m", false, Description = "the version has not been there for a window")]
    [TestCase(1800, "45m", true)]
    [TestCase(3600, "55m", false, Description = "the window is shorter than the period")]
    public async Task A_feature_that_comes_round_is_judged_once_a_window_that_covers_its_period_is_over(int period, string at, bool fires) => await Rules()
        .Pod("a", "hour", 900)
        .Pod("a", "amount", 500)
        .With(Season("a", "hour"), $"{period}x180")
        .Expect(at, "count by (feature) (feature:slipway_drift:psi)", fires ? [("{feature=\"hour\"}", 1), ("{feature=\"amount\"}", 1)] : [("{feature=\"amount\"}", 1)])
        .Firing(at, fires ? [DriftRules.FeatureDrift] : [])
        .RunAsync();

    [Test]
    public async Task Features_that_are_not_chosen_are_not_watched() => await Rules(HalfHour with { Features = ["p(fraud)|a+b", "amount"] })
        .Pod("a", "p(fraud)|a+b", 900)
        .Pod("a", "amount", 500)
        .Pod("a", "other", 900)
        .Expect("45m", "count by (feature) (feature:slipway_drift:psi)", ("{feature=\"p(fraud)|a+b\"}", 1), ("{feature=\"amount\"}", 1))
        .RunAsync();

    [Test]
    public async Task Other_models_and_namespaces_are_not_looked_at() => await Rules()
        .Pod("a", "amount", 500)
        .Pod("a", "amount", 900, "namespace=\"payments\",model=\"churn\"")
        .Pod("a", "amount", 900, "namespace=\"staging\",model=\"fraud-detector\"")
        .Expect("45m", "count(feature:slipway_drift:psi)", ("{}", 1))
        .Firing("45m")
        .RunAsync();

    private static RuleTest Rules(DriftSpec? drift = null) => new(new([DriftRules.Build(new("payments", "fraud-detector"), drift ?? HalfHour)!]));

    private static string Labels(string feature, string more = "") => $"{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",feature=\"{feature}\"{more}}}";

    private static Dictionary<string, string> AlertLabels(string feature) => new()
    {
        ["severity"] = "warning",
        ["namespace"] = "payments",
        ["model"] = "fraud-detector",
        ["version"] = "7",
        ["feature"] = feature,
    };
}

/// <summary>What pods count of features with the two bins low and high.</summary>
internal static class DriftSeries
{
    private const string Model = "namespace=\"payments\",model=\"fraud-detector\"";

    public static string Count(string pod, string feature, string bin, string model = Model) => Series("slipway_drift_observations_total", pod, feature, bin, model);

    public static string Expected(string pod, string feature, string bin, string model = Model) => Series("slipway_drift_expected_ratio", pod, feature, bin, model);

    public static string Season(string pod, string feature) => $"slipway_drift_seasonality_seconds{{{Model},pod=\"{pod}\",version=\"7\",feature=\"{feature}\"}}";

    /// <summary>For an hour a thousand rows a minute, so many of them low, where the baseline has half of them.</summary>
    public static RuleTest Pod(this RuleTest test, string pod, string feature, int low, string model = Model) => test
        .With(Count(pod, feature, "low", model), $"0+{low}x60")
        .With(Count(pod, feature, "high", model), $"0+{1000 - low}x60")
        .Expecting(pod, feature, model);

    /// <summary>The baseline, for three hours.</summary>
    public static RuleTest Expecting(this RuleTest test, string pod, string feature, string model = Model) => test
        .With(Expected(pod, feature, "low", model), "0.5x180")
        .With(Expected(pod, feature, "high", model), "0.5x180");

    private static string Series(string metric, string pod, string feature, string bin, string model) =>
        $"{metric}{{{model},pod=\"{pod}\",version=\"7\",feature=\"{feature}\",bin=\"{bin}\"}}";
}
