using Slipway.Operator.Monitoring.Dashboards;
using static Slipway.Operator.Tests.Monitoring.DriftRulesTests;
using static Slipway.Operator.Tests.Monitoring.DriftSeries;

namespace Slipway.Operator.Tests.Monitoring.Dashboards;

internal sealed class ModelDashboardTests
{
    [Test]
    public async Task Bins_are_those_of_each_version_until_its_pods_are_gone()
    {
        var rules = Rules();
        foreach (var (bin, before, after) in (IEnumerable<(string, int, int)>)[("low", 700, 400), ("high", 300, 600)])
        {
            // They overlap for five minutes.
            rules
                .With(Count("a", "amount", bin, version: "6"), $"0+{before}x40 stale")
                .With(Expected("a", "amount", bin, version: "6"), "0.5x40 stale")
                .With(Count("b", "amount", bin, version: "7"), $"_x35 0+{after}x60")
                .With(Expected("b", "amount", bin, version: "7"), "_x35 0.5x60");
        }

        await rules
            .Expect("40m", Shown("Bins of $feature"), (Bin("low", "6"), 0.7), (Bin("high", "6"), 0.3), (Bin("low", "7"), 0.4), (Bin("high", "7"), 0.6))
            .Expect("45m", Shown("Bins of $feature"), (Bin("low", "7"), 0.4), (Bin("high", "7"), 0.6))
            .RunAsync();
    }

    private static string Bin(string bin, string version) => $"{{bin=\"{bin}\",version=\"{version}\"}}";

    /// <summary>The panel's figures for the feature <c>amount</c> of the model that the rules are of, without the specks of floating point.</summary>
    private static string Shown(string title)
    {
        var expression = ModelDashboard.Build().Panels.Single(panel => panel.Title == title).Queries.Single().Expression
            .Replace("$namespace", "payments", StringComparison.Ordinal)
            .Replace("$model", "fraud-detector", StringComparison.Ordinal)
            .Replace("$feature", "amount", StringComparison.Ordinal);
        return $"round({expression}, 0.0001)";
    }
}
