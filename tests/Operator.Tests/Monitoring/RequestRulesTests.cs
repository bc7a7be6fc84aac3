using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class RequestRulesTests
{
    private const string Version = "{namespace=\"payments\",model=\"fraud-detector\",version=\"7\"}";

    [Test]
    public async Task Rates_and_shares_are_of_all_pods_together() => await Rules()
        .With(BudgetRulesTests.Series("ok", "a"), "0+60x30")
        .With(BudgetRulesTests.Series("ok", "b"), "0+30x30")
        .With(BudgetRulesTests.Series("internal", "b"), "0+30x30")
        .Expect("20m", "round(version:slipway_requests:rate5m, 0.0001)", (Version, 2))
        .Expect("20m", "round(version:slipway_request_failures_per_requests:ratio_rate5m, 0.0001)", (Version, 0.25))
        .RunAsync();

    [Test]
    public async Task Quantiles_are_of_all_pods_together()
    {
        var rules = Rules();
        foreach (var (bound, a, b) in new[] { ("0.1", 100, 0), ("0.2", 100, 100), ("+Inf", 100, 100) })
        {
            rules.With(Bucket("a", bound), $"0+{a}x30").With(Bucket("b", bound), $"0+{b}x30");
        }

        await rules
            .Expect("20m", "round(version_quantile:slipway_request_duration_seconds:histogram_quantile, 0.0001)", (Quantile("0.5"), 0.1), (Quantile("0.9"), 0.18), (Quantile("0.99"), 0.198))
            .RunAsync();
    }

    [Test]
    public async Task A_model_that_nobody_asks_fires_and_one_request_ends_it() => await Rules(new() { For = "15m" })
        .With(BudgetRulesTests.Series("ok"), RuleTest.Growing((1, 10), (0, 40), (1, 10)))
        .With(BudgetRulesTests.Series("internal"), "0x60")
        .Firing("10m")
        .Firing("24m")
        .Says("40m", RequestRules.NoTraffic, new() { ["severity"] = "warning", ["namespace"] = "payments", ["model"] = "fraud-detector" },
            "Nobody asks model payments/fraud-detector.",
            "Pods of the model run, and none has had a request for 15m: its clients may be down, or ask somewhere else.")
        .Firing("40m", RequestRules.NoTraffic)
        .Firing("53m")
        .RunAsync();

    [TestCase("5m", "14m", "15m")]
    [TestCase("15m", "24m", "25m")]
    [TestCase("1h", "69m", "70m")]
    public async Task Silence_is_told_when_it_is_as_long_as_was_asked_and_not_before(string length, string before, string after) => await Rules(new() { For = length })
        .With(BudgetRulesTests.Series("ok"), RuleTest.Growing((1, 10), (0, 90)))
        .Firing(before)
        .Firing(after, RequestRules.NoTraffic)
        .RunAsync();

    [TestCase("5m", "25m", "27m")]
    [TestCase("15m", "35m", "37m")]
    public async Task A_model_that_was_never_asked_is_silent_from_its_start_on(string length, string before, string after) => await Rules(new() { For = length })
        .With(BudgetRulesTests.Series("ok"), "_x20 0x60")
        .Firing(before)
        .Firing(after, RequestRules.NoTraffic)
        .RunAsync();

    [Test]
    public async Task Requests_to_one_pod_or_of_one_version_are_traffic() => await Rules(new() { For = "15m" })
        .With(BudgetRulesTests.Series("ok", "a"), "0x60")
        .With(BudgetRulesTests.Series("ok", "b", "8"), "0+1x60")
        .Firing("40m")
        .RunAsync();

    [Test]
    public async Task A_pod_in_the_place_of_another_does_not_end_the_silence() => await Rules(new() { For = "15m" })
        .With(BudgetRulesTests.Series("ok", "a"), "7x20 stale")
        .With(BudgetRulesTests.Series("ok", "b"), "_x18 0x40")
        .Firing("25m", RequestRules.NoTraffic)
        .RunAsync();

    [Test]
    public async Task A_model_without_pods_is_not_silent() => await Rules(new() { For = "15m" })
        .With(BudgetRulesTests.Series("ok"), "0x20 stale")
        .Firing("40m")
        .RunAsync();

    [Test]
    public async Task Unless_it_is_asked_for_silence_is_no_alarm() => await Rules().With(BudgetRulesTests.Series("ok"), "0x60").Firing("59m").RunAsync();

    private static RuleTest Rules(Api.NoTrafficSpec? noTraffic = null) => new(new([RequestRules.Build(new("payments", "fraud-detector"), noTraffic)]));

    private static string Bucket(string pod, string bound) =>
        $"slipway_request_duration_seconds_bucket{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",pod=\"{pod}\",protocol=\"http\",le=\"{bound}\"}}";

    private static string Quantile(string quantile) => $"{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",quantile=\"{quantile}\"}}";
}
