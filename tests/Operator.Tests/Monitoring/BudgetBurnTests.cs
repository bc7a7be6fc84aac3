using System.Globalization;
using Slipway.Api;
using Slipway.Operator.Monitoring;
using static Slipway.Operator.Tests.Monitoring.BudgetRulesTests;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>
/// The same stories of every budget and every burn rate: trouble that is just enough for one of them and no other, or just not enough, and what may
/// happen to counters meanwhile. The budget is one bad request in a hundred.
/// </summary>
internal sealed class BudgetBurnTests
{
    /// <summary>Requests a step.</summary>
    private const decimal All = 10_000;

    /// <summary>Before its trouble comes so much that is right that windows which reach back to it see no trouble.</summary>
    private const decimal Plenty = 1_000_000_000;

    private const int CleanSteps = 60;

    private static readonly SloSpec Slo = new() { Availability = 99, Latency = new() { Threshold = "50ms" } };

    private static readonly Budget[] Budgets =
    [
        new(BudgetRules.AvailabilityBurn, pod => Series("ok", pod), pod => Series("internal", pod), BadAreAmongAll: false),
        new(BudgetRules.LatencyBurn, pod => Series("ok", pod), Slow, BadAreAmongAll: true),
    ];

    private static readonly Burn[] Burns =
    [
        new("14.4", Alert.Critical, Step: "1m", Before: 10, Steps: 70, Over: 1450, Under: 1430, Fires: "80m", Ended: "95m"),
        new("6", Alert.Critical, Step: "5m", Before: 10, Steps: 80, Over: 610, Under: 590, Fires: "7h30m", Ended: "8h30m"),
        new("3", Alert.Warning, Step: "5m", Before: 10, Steps: 300, Over: 310, Under: 290, Fires: "25h50m", Ended: "28h45m"),
        new("1", Alert.Warning, Step: "15m", Before: 0, Steps: 300, Over: 105, Under: 95, Fires: "75h", Ended: "82h"),
    ];

    [Test]
    public async Task It_fires_on_trouble_that_is_enough_and_not_on_less_whatever_happens_to_counters(
        [ValueSource(nameof(Budgets))] Budget budget, [ValueSource(nameof(Burns))] Burn burn, [Values] Happening happening, [Values] bool isEnough) =>
        await Story(budget, burn, isEnough ? burn.Over : burn.Under, happening)
            .Firing(burn.Fires, isEnough ? [$"{budget.Alert} {burn.Severity}"] : [])
            .RunAsync();

    [Test]
    public async Task It_ends_when_all_is_well_again_and_when_pods_are_gone(
        [ValueSource(nameof(Budgets))] Budget budget, [ValueSource(nameof(Burns))] Burn burn, [Values] bool areGone) =>
        await Story(budget, burn, burn.Over, Happening.Nothing, areGone)
            .Firing(burn.Fires, $"{budget.Alert} {burn.Severity}")
            .Firing(burn.Ended)
            .RunAsync();

    private static RuleTest Story(Budget budget, Burn burn, decimal bad, Happening happening, bool areGone = false)
    {
        var right = All - (budget.BadAreAmongAll ? 0 : bad);
        var test = new RuleTest(new(BudgetRules.Build(new("payments", "fraud-detector"), Slo)), burn.Step);
        Tell(budget.All, Values(burn, Plenty, right, All));
        Tell(budget.Bad, Values(burn, 0, bad, 0));
        return test;

        void Tell(Func<string, string> series, List<decimal> values)
        {
            var told = areGone ? [.. values[..^CleanSteps].Select(Text), "stale"] : values.Select(Text).ToList();
            // In the middle of the trouble.
            var at = burn.Before + (burn.Steps / 2);
            var anew = values[at..].Select(value => Text(value - values[at]));
            switch (happening)
            {
                case Happening.Restart:
                    test.With(series("a"), string.Join(' ', told[..at].Append("stale"))).With(series("b"), string.Join(' ', [$"_x{at}", .. anew]));
                    break;
                case Happening.Reset:
                    test.With(series("a"), string.Join(' ', [.. told[..at], .. anew]));
                    break;
                case Happening.MissingData:
                    test.With(series("a"), string.Join(' ', [.. told[..at], "_x3", .. told[(at + 3)..]]));
                    break;
                default:
                    test.With(series("a"), string.Join(' ', told));
                    break;
            }
        }
    }

    /// <summary>A counter that grows by so much at each step before the trouble, in it and after it.</summary>
    private static List<decimal> Values(Burn burn, decimal before, decimal meanwhile, decimal after)
    {
        List<decimal> values = [0];
        foreach (var by in Enumerable.Repeat(before, burn.Before).Concat(Enumerable.Repeat(meanwhile, burn.Steps)).Concat(Enumerable.Repeat(after, CleanSteps)))
        {
            values.Add(values[^1] + by);
        }

        return values;
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What happens to the counters in the middle of the trouble.</summary>
    public enum Happening
    {
        Nothing,

        /// <summary>They start again.</summary>
        Reset,

        /// <summary>Another pod takes the place of the one that counts.</summary>
        Restart,

        /// <summary>Prometheus reads none of them for three steps.</summary>
        MissingData,
    }

    /// <param name="All">The counter of requests of a pod, those apart that are bad unless <paramref name="BadAreAmongAll"/>.</param>
    /// <param name="Bad">The counter of those that use up the budget.</param>
    public sealed record Budget(string Alert, Func<string, string> All, Func<string, string> Bad, bool BadAreAmongAll)
    {
        public override string ToString() => Alert;
    }

    /// <param name="Before">Steps before the trouble.</param>
    /// <param name="Steps">Steps of trouble.</param>
    /// <param name="Over">Bad requests a step that are just enough.</param>
    /// <param name="Under">Bad requests a step that are just not enough.</param>
    /// <param name="Fires">When the trouble has been there for the longer window.</param>
    /// <param name="Ended">When the shorter window has seen no trouble for a while.</param>
    public sealed record Burn(string Rate, string Severity, string Step, int Before, int Steps, decimal Over, decimal Under, string Fires, string Ended)
    {
        public override string ToString() => Rate;
    }
}
