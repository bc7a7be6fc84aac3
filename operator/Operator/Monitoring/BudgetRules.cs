using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>
/// How fast error budgets of 30 days are used up, over a long window and, so that the alert ends with its cause, over a short one: the multiwindow,
/// multi-burn-rate alerts of the SRE Workbook, chapter 5.
/// </summary>
internal static class BudgetRules
{
    public const string AvailabilityBurn = "SlipwayAvailabilityBudgetBurn";
    public const string LatencyBurn = "SlipwayLatencyBudgetBurn";

    // Of fewer a single one would already look like an outage.
    private const string LeastRequests = "100";
    private const string LeastBad = "5";

    private static readonly Burn[] Fast = [new(14.4m, "1h", "5m"), new(6, "6h", "30m")];
    private static readonly Burn[] Slow = [new(3, "1d", "2h"), new(1, "3d", "6h")];

    // What the fast ones look at is there for the slow ones, too.
    private static readonly string[] FastWindows = ["5m", "30m", "1h", "6h"];
    private static readonly string[] SlowWindows = ["2h", "1d", "3d"];

    /// <summary>Empty when there is no objective.</summary>
    public static IReadOnlyList<RuleGroup> Build(ModelSeries series, SloSpec slo)
    {
        List<Objective> objectives = [];
        if (slo.Availability is { } availability)
        {
            objectives.Add(new(AvailabilityBurn, availability, "requests_failed", ServerContract.Metrics.Requests, [RequestRules.Failed], "failed"));
        }

        if (slo.Latency is { } latency)
        {
            objectives.Add(new(LatencyBurn, latency.Objective, "requests_slow", ServerContract.Metrics.SlowRequests, [], $"took longer than {latency.Threshold}"));
        }

        return objectives.Count == 0 ? [] :
        [
            new()
            {
                Name = "error-budget-fast",
                Interval = "30s",
                Rules =
                [
                    .. FastWindows.SelectMany(window => Records(series, objectives, window)),
                    .. objectives.Select(objective => BurnAlert(series, objective, Fast, Alert.Critical, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5))),
                ],
            },
            new()
            {
                Name = "error-budget-slow",
                Interval = Alert.IntervalFor(TimeSpan.FromDays(1)),
                Rules =
                [
                    .. SlowWindows.SelectMany(window => Records(series, objectives, window)),
                    .. objectives.Select(objective => BurnAlert(series, objective, Slow, Alert.Warning, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30))),
                ],
            },
        ];
    }

    private static IEnumerable<Rule> Records(ModelSeries series, IEnumerable<Objective> objectives, string window) => objectives
        .Select(objective => Rule.Recording(Name(objective.Bad, window), series.Increase(ModelSeries.ByModel, objective.Counter, window, objective.Matchers)))
        .Prepend(Rule.Recording(Name("requests", window), series.Increase(ModelSeries.ByModel, ServerContract.Metrics.Requests, window)));

    private static Rule BurnAlert(ModelSeries series, Objective objective, Burn[] burns, string severity, TimeSpan @for, TimeSpan keep) => Alert.Of(
        objective.Alert,
        severity,
        string.Join("\nor ", burns.Select(burn => $"({Over(series, objective, burn.Long, burn.Factor)}\n  and {Over(series, objective, burn.Short, burn.Factor)})")),
        @for,
        keep,
        $"Model {{{{ $labels.namespace }}}}/{{{{ $labels.model }}}} uses up its error budget too fast: of its requests, {{{{ $value | humanizePercentage }}}} {objective.Words}.",
        $"The objective is that {PromQl.Number(objective.Percent)}% do not. At this rate the budget of 30 days is gone in {string.Join(" or ", burns.Select(burn => $"{PromQl.Number(Math.Round(30 / burn.Factor, 1))} days"))}.");

    private static string Over(ModelSeries series, Objective objective, string window, decimal factor)
    {
        var (bad, all) = (series.Select(Name(objective.Bad, window)), series.Select(Name("requests", window)));
        return $"{bad} / {all} > {PromQl.Number(factor)} * {PromQl.Number((100 - objective.Percent) / 100)} and {bad} >= {LeastBad} and {all} >= {LeastRequests}";
    }

    private static string Name(string what, string window) => $"model:slipway_{what}:increase{window}";

    /// <param name="Factor">How many times as fast as the budget lasts.</param>
    private sealed record Burn(decimal Factor, string Long, string Short);

    /// <param name="Bad">Requests that use up the budget, in names of records.</param>
    /// <param name="Words">What they did.</param>
    private sealed record Objective(string Alert, decimal Percent, string Bad, string Counter, IReadOnlyList<string> Matchers, string Words);
}
