using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Desire;

/// <summary>Records and alerts of one model.</summary>
internal static class PrometheusRuleBuilder
{
    /// <summary>Null means the object is not wanted.</summary>
    public static PrometheusRule? Build(DesireContext context) => context.Model.Spec.Monitoring is not { } monitoring ? null : new()
    {
        Metadata = Owned.Monitoring(context.Model, monitoring),
        Spec = new([.. Groups(ModelSeries.Of(context.Model), monitoring).OfType<RuleGroup>().Select(group => Alert.WithRunbooks(group, context.RunbookUrl))]),
    };

    private static IEnumerable<RuleGroup?> Groups(ModelSeries series, MonitoringSpec monitoring) =>
    [
        RequestRules.Build(series, monitoring.NoTraffic),
        DriftRules.Build(series, monitoring.Drift),
        AccuracyRules.Build(series, monitoring.Accuracy),
        .. monitoring.Slo is { } slo ? BudgetRules.Build(series, slo) : [],
    ];
}
