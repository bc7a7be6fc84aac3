using Slipway.Operator.Monitoring;
using static Slipway.Operator.Tests.Monitoring.DriftRulesTests;
using static Slipway.Operator.Tests.Monitoring.DriftSeries;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>What the alerts on inputs and on outputs have in common. The index is 0.2 when 71.6 percent of the live rows are in the lower bin.</summary>
[TestFixture("amount", DriftRules.FeatureDrift)]
[TestFixture("output.score", DriftRules.PredictionDrift)]
internal sealed class DriftAlertTests(string feature, string alert)
{
    [TestCase(720, true)]
    [TestCase(712, false)]
    [TestCase(500, false)]
    [TestCase(280, true)]
    public async Task It_fires_past_the_threshold_and_not_just_below(int ofThousand, bool fires) => await Rules()
        .Pod("a", feature, ofThousand)
        .Firing("45m", fires ? [alert] : [])
        .RunAsync();

    [Test]
    public async Task It_fires_after_its_time_and_ends_when_the_window_is_clean_again() => await Rules()
        .With(Count("a", feature, "low"), RuleTest.Growing((80, 60), (50, 120)))
        .With(Count("a", feature, "high"), RuleTest.Growing((20, 60), (50, 120)))
        .Expecting("a", feature)
        .Firing("10m")
        .Firing("17m", alert)
        .Firing("1h5m", alert)
        .Firing("2h")
        .RunAsync();

    [TestCase(72, true)]
    [TestCase(71, false)]
    public async Task A_counter_that_starts_again_changes_nothing(int ofHundred, bool fires) => await Rules()
        .With(Count("a", feature, "low"), $"0+{ofHundred}x20 0+{ofHundred}x40")
        .With(Count("a", feature, "high"), $"0+{100 - ofHundred}x20 0+{100 - ofHundred}x40")
        .Expecting("a", feature)
        .Expect("45m", "round(feature:slipway_drift:psi, 0.0001)", (Labels(feature), ofHundred == 72 ? 0.2078 : 0.188))
        .Firing("35m", fires ? [alert] : [])
        .Firing("45m", fires ? [alert] : [])
        .RunAsync();

    [Test]
    public async Task Pods_that_go_and_come_change_nothing() => await RulesAndAPodThatGoes()
        .With(Count("b", feature, "low"), "_x32 0+72x30")
        .With(Count("b", feature, "high"), "_x32 0+28x30")
        .With(Expected("b", feature, "low"), "_x32 0.5x30")
        .With(Expected("b", feature, "high"), "_x32 0.5x30")
        .Firing("30m", alert)
        .Firing("45m", alert)
        .RunAsync();

    [Test]
    public async Task Scrapes_that_fail_for_a_while_change_nothing() => await Rules()
        .With(Count("a", feature, "low"), "0+72x25 stale _x9 2592+72x40")
        .With(Count("a", feature, "high"), "0+28x25 stale _x9 1008+28x40")
        .With(Expected("a", feature, "low"), "0.5x25 stale _x9 0.5x40")
        .With(Expected("a", feature, "high"), "0.5x25 stale _x9 0.5x40")
        .Firing("25m", alert)
        .Firing("33m", alert)
        .Firing("50m", alert)
        .RunAsync();

    [Test]
    public async Task It_ends_when_there_are_no_pods_any_more() => await RulesAndAPodThatGoes()
        .Firing("30m", alert)
        .Firing("1h")
        .RunAsync();

    [Test]
    public async Task Without_a_baseline_nothing_is_said() => await Rules()
        .With(Count("a", feature, "low"), "0+90x60")
        .With(Count("a", feature, "high"), "0+10x60")
        .Firing("45m")
        .RunAsync();

    [Test]
    public async Task A_model_that_nobody_asks_has_not_drifted() => await Rules()
        .With(Count("a", feature, "low"), "0x60")
        .With(Count("a", feature, "high"), "0x60")
        .Expecting("a", feature)
        .Firing("45m")
        .RunAsync();

    /// <summary>Its rows have drifted, and it is gone after half an hour.</summary>
    private RuleTest RulesAndAPodThatGoes() => Rules()
        .With(Count("a", feature, "low"), "0+72x30 stale")
        .With(Count("a", feature, "high"), "0+28x30 stale")
        .With(Expected("a", feature, "low"), "0.5x30 stale")
        .With(Expected("a", feature, "high"), "0.5x30 stale");
}
