using Slipway.Api;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Decide;

/// <summary>Whether the cluster was told how to watch the model. A model that nobody watches serves as well as any other.</summary>
internal static class Monitored
{
    /// <summary>Null while monitoring is not set.</summary>
    public static Finding? Find(Situation situation) => situation.Observed.Model.Spec.Monitoring is null ? null : situation.Desired.Fault ?? Missing(situation) ?? Refused(situation) ?? new(
        Reasons.Monitored, "A ServiceMonitor and a PrometheusRule of the model's name are in the cluster, for each Prometheus that selects their labels.");

    /// <summary>The trouble is that of an object of monitoring, which Ready does not wait for.</summary>
    public static bool IsOf(ApplyProblem problem) => problem.ChildKind is ServiceMonitor.KubeKind or PrometheusRule.KubeKind;

    private static Finding? Missing(Situation situation) => situation.Observed.Prometheus == PrometheusKinds.All && !situation.Lost(ServiceMonitor.KubeKind) && !situation.Lost(PrometheusRule.KubeKind) ? null : new(
        Reasons.PrometheusOperatorMissing,
        "The cluster does not know ServiceMonitors and PrometheusRules (monitoring.coreos.com/v1): install the Prometheus Operator, or take out spec.monitoring. The model serves all the same.");

    private static Finding? Refused(Situation situation) => situation.Problems.FirstOrDefault(IsOf) is { } problem
        ? new(Readiness.ReasonOf(problem, situation.Observed.Model), problem.Message)
        : null;
}
