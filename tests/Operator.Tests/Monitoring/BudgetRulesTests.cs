using Slipway.Api;
using Slipway.Operator.Monitoring;
using static Slipway.Operator.Tests.Monitoring.RuleTest;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>An availability of 99 percent, so that a burn of 1 is one bad request in a hundred; and slow requests with the same budget.</summary>
internal sealed class BudgetRulesTests
{
    private const string Critical = $"{BudgetRules.AvailabilityBurn} critical";
    private const string Warning = $"{BudgetRules.AvailabilityBurn} warning";

    // Before its trouble comes so much that is right that windows which reach back to it see no trouble: only those that a test is about do.
    private static readonly (decimal By, int Steps) Before = (1_000_000_000, 10);
    private static readonly SloSpec Slo = new() { Availability = 99, Latency = new() { Threshold = "50ms" } };

    [Test]
    public async Task It_says_how_much_failed_and_ends_soon_after_its_cause() => await Rules()
        .With(Series("ok"), Growing(Before, (800, 70), (1000, 60)))
        .With(Series("internal"), Growing((0, 10), (100, 70), (0, 60)))
        .With(Series("deadline_exceeded"), Growing((0, 10), (100, 70), (0, 60)))
        .Says("80m", BudgetRules.AvailabilityBurn, new() { ["severity"] = "critical", ["namespace"] = "payments", ["model"] = "fraud-detector" },
            "Model payments/fraud-detector uses up its error budget too fast: of its requests, 20% failed.",
            "The objective is that 99% do not. At this rate the budget of 30 days is gone in 2.1 days or 5 days.")
        .Firing("80m", Critical)
        .Firing("85m", Critical)
        .Firing("95m")
        .RunAsync();

    [TestCase("ok", false)]
    [TestCase("invalid_argument", false)]
    [TestCase("not_found", false)]
    [TestCase("cancelled", false)]
    [TestCase("internal", true)]
    [TestCase("unavailable", true)]
    [TestCase("deadline_exceeded", true)]
    [TestCase("resource_exhausted", true)]
    public async Task What_the_server_does_wrong_costs_budget_and_what_clients_do_wrong_does_not(string code, bool costs) => await Rules()
        .With(Series("ok", "a"), "0+800x90")
        .With(Series(code, "b"), "0+200x90")
        .Firing("1h10m", costs ? [Critical, Warning] : [])
        .RunAsync();

    [TestCase(19, false)]
    [TestCase(25, true)]
    public async Task Of_fewer_than_100_requests_in_a_window_nothing_is_said(int aMinute, bool fires) => await Rules()
        .With(Series("ok"), Growing(Before, (aMinute - 10, 70)))
        .With(Series("internal"), Growing((0, 10), (10, 70)))
        .Firing("80m", fires ? [Critical] : [])
        .RunAsync();

    [TestCase(0.8, false)]
    [TestCase(1.2, true)]
    public async Task Fewer_than_five_bad_requests_in_a_window_are_no_outage(double aMinute, bool fires) => await Rules(slo: new() { Availability = 99.9m })
        .With(Series("ok"), Growing(Before, (30, 70)))
        .With(Series("internal"), Growing((0, 10), ((decimal)aMinute, 70)))
        .Firing("80m", fires ? [Critical] : [])
        .RunAsync();

    [Test]
    public async Task A_counter_that_starts_again_changes_nothing() => await Rules()
        .With(Series("ok"), "0+1000x30 0+1000x60")
        .With(Series("internal"), "0+200x30 0+200x60")
        .Firing("32m", Critical, Warning)
        .Firing("1h10m", Critical, Warning)
        .RunAsync();

    [Test]
    public async Task One_that_starts_again_while_all_is_well_is_no_outage() => await Rules()
        .With(Series("ok"), "0+1000x30 0+1000x60")
        .With(Series("internal"), "500x30 0x60")
        .Firing("32m")
        .Firing("1h10m")
        .RunAsync();

    [Test]
    public async Task Pods_that_go_and_come_change_nothing() => await Rules()
        .With(Series("ok", "a"), "0+1000x50 stale")
        .With(Series("internal", "a"), "0+200x50 stale")
        .With(Series("ok", "b"), "_x53 0+1000x60")
        .With(Series("internal", "b"), "_x53 0+200x60")
        .Firing("50m", Critical, Warning)
        .Firing("1h10m", Critical, Warning)
        .RunAsync();

    [Test]
    public async Task Without_requests_or_pods_or_objectives_nothing_is_said()
    {
        await Rules().With(Series("ok"), "0x90").With(Series("internal"), "0x90").Firing("1h10m").RunAsync();
        await Rules().Firing("1h10m").RunAsync();
        BudgetRules.Build(new("payments", "fraud-detector"), new()).Should().BeEmpty();
    }

    [Test]
    public async Task The_budget_is_the_models_whatever_its_versions_and_nobody_elses() => await Rules()
        .With(Series("ok"), "0+1000x90")
        .With(Series("ok", "b", "8"), "0+10x90")
        .With(Series("internal", "b", "8"), "0+10x90")
        .With("slipway_requests_total{namespace=\"payments\",model=\"churn\",version=\"7\",pod=\"a\",protocol=\"http\",code=\"internal\"}", "0+1000x90")
        .Firing("1h10m")
        .RunAsync();

    internal static string Series(string code, string pod = "a", string version = "7") =>
        $"slipway_requests_total{{namespace=\"payments\",model=\"fraud-detector\",version=\"{version}\",pod=\"{pod}\",protocol=\"http\",code=\"{code}\"}}";

    internal static string Slow(string pod) => $"slipway_requests_slow_total{{namespace=\"payments\",model=\"fraud-detector\",version=\"7\",pod=\"{pod}\",protocol=\"http\"}}";

    private static RuleTest Rules(SloSpec? slo = null) => new(new(BudgetRules.Build(new("payments", "fraud-detector"), slo ?? Slo)));
}
