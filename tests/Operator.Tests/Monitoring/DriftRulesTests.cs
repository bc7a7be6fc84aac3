using Slipway.Api;
using Slipway.Operator.Monitoring;
using static Slipway.Operator.Tests.Monitoring.DriftSeries;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>A feature of two bins, half of the training rows in each: the index is 0.2 when 71.6 percent of the live rows are in one.</summary>
internal sealed class DriftRulesTests
{
    private static readonly DriftSpec HalfHour = new() { Window = "30m", For = "10m" };

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
    public async Task What_the_model_is_asked_is_an_alert_that_says_so() => await Rules()
        .Pod("a", "amount", 800)
        .Says("45m", DriftRules.FeatureDrift, AlertLabels("amount"),
            "Feature amount of model payments/fraud-detector is not what version 7 was trained on.",
            "The population stability index over 30m is 0.42, more than 0.2.")
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

    [TestCase(1, true, Description = "3 of 100 looks miss it")]
    [TestCase(2, false, Description = "7 of 100 looks miss it")]
    public async Task A_feature_that_comes_round_is_judged_if_the_version_was_there_nearly_throughout_the_window(int minutesAway, bool fires) => await RulesAndAVersionThatIsAway(minutesAway)
        .Expect("1h", "count by (feature) (feature:slipway_drift:psi)", fires ? [("{feature=\"hour\"}", 1), ("{feature=\"amount\"}", 1)] : [("{feature=\"amount\"}", 1)])
        .Firing("1h", fires ? [DriftRules.FeatureDrift] : [])
        .RunAsync();

    [TestCase(true, Description = "rolled back")]
    [TestCase(false, Description = "scaled to 0")]
    public async Task A_version_that_comes_back_is_judged_again_once_the_window_has_no_gap(bool isAnotherBetween)
    {
        var rules = RulesAndAVersionThatIsAway(minutes: 9);
        if (isAnotherBetween)
        {
            rules
                .With(Count("c", "hour", "low", version: "8"), "_x40 0+500x10 stale")
                .With(Count("c", "hour", "high", version: "8"), "_x40 0+500x10 stale")
                .With(Season("c", "hour", version: "8"), "_x40 1800x10 stale");
        }

        await rules
            .Expect("1h5m", "count by (feature) (feature:slipway_drift:psi)", ("{feature=\"amount\"}", 1))
            .Firing("1h5m")
            .Firing("1h35m", DriftRules.FeatureDrift)
            .RunAsync();
    }

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

    internal static RuleTest Rules(DriftSpec? drift = null) => new(new([DriftRules.Build(new("payments", "fraud-detector"), drift ?? HalfHour)!]));

    internal static string Labels(string feature, string more = "") => $"{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",feature=\"{feature}\"{more}}}";

    /// <summary>Version 7 is away for so long after 40 minutes, and comes back with another pod. Its <c>hour</c>, which comes round in a window, strays; its <c>amount</c> does not.</summary>
    private static RuleTest RulesAndAVersionThatIsAway(int minutes)
    {
        var rules = Rules();
        foreach (var (feature, low) in (IEnumerable<(string, int)>)[("hour", 900), ("amount", 500)])
        {
            rules
                .With(Count("a", feature, "low"), $"0+{low}x40 stale")
                .With(Count("a", feature, "high"), $"0+{1000 - low}x40 stale")
                .With(Expected("a", feature, "low"), "0.5x40 stale")
                .With(Expected("a", feature, "high"), "0.5x40 stale")
                .With(Count("b", feature, "low"), $"_x{41 + minutes} 0+{low}x60")
                .With(Count("b", feature, "high"), $"_x{41 + minutes} 0+{1000 - low}x60")
                .With(Expected("b", feature, "low"), $"_x{41 + minutes} 0.5x60")
                .With(Expected("b", feature, "high"), $"_x{41 + minutes} 0.5x60");
        }

        return rules.With(Season("a", "hour"), "1800x40 stale").With(Season("b", "hour"), $"_x{41 + minutes} 1800x60");
    }

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

    public static string Count(string pod, string feature, string bin, string model = Model, string version = "7") =>
        Series("slipway_drift_observations_total", pod, feature, bin, model, version);

    public static string Expected(string pod, string feature, string bin, string model = Model, string version = "7") =>
        Series("slipway_drift_expected_ratio", pod, feature, bin, model, version);

    public static string Season(string pod, string feature, string version = "7") =>
        $"slipway_drift_seasonality_seconds{{{Model},pod=\"{pod}\",version=\"{version}\",feature=\"{feature}\"}}";

    /// <summary>For an hour a thousand rows a minute, so many of them low, where the baseline has half of them.</summary>
    public static RuleTest Pod(this RuleTest test, string pod, string feature, int low, string model = Model) => test
        .With(Count(pod, feature, "low", model), $"0+{low}x60")
        .With(Count(pod, feature, "high", model), $"0+{1000 - low}x60")
        .Expecting(pod, feature, model);

    /// <summary>The baseline, for three hours.</summary>
    public static RuleTest Expecting(this RuleTest test, string pod, string feature, string model = Model) => test
        .With(Expected(pod, feature, "low", model), "0.5x180")
        .With(Expected(pod, feature, "high", model), "0.5x180");

    private static string Series(string metric, string pod, string feature, string bin, string model, string version) =>
        $"{metric}{{{model},pod=\"{pod}\",version=\"{version}\",feature=\"{feature}\",bin=\"{bin}\"}}";
}
