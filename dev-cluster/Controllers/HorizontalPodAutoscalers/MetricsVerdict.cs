using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What all figures of an autoscaler ask for together.</summary>
/// <param name="Replicas">The largest number of pods that any asks for; null when nothing may be done.</param>
/// <param name="Name">The figure that asks for it.</param>
/// <param name="Statuses">Of the figures that could be read.</param>
/// <param name="Finding">Whether the figures can be scaled by.</param>
/// <param name="Error">What could not be read; null when all could.</param>
internal sealed record MetricsVerdict(int? Replicas, string Name, IReadOnlyList<V2MetricStatus> Statuses, AutoscalerFinding Finding, string? Error)
{
    /// <summary>A figure that cannot be read might ask for more: without it pods are added, but none are taken away.</summary>
    /// <param name="answers">One for each figure, in their order.</param>
    /// <param name="current">Pods that the target asks for now.</param>
    public static MetricsVerdict Of(IReadOnlyList<MetricAnswer> answers, int current)
    {
        var failures = answers.Select(answer => answer.Failure).OfType<MetricFailure>().ToList();
        var valid = answers.Where(answer => answer.Failure is null).ToList();
        var statuses = valid.Select(answer => answer.Status).OfType<V2MetricStatus>().ToList();
        var error = failures.Count == 0 ? null : $"invalid metrics ({failures.Count} invalid out of {answers.Count}), first error is: {failures[0].InContext}";
        var highest = valid.MaxBy(answer => answer.Replicas);
        return highest is null || (failures.Count > 0 && highest.Replicas < current)
            ? new(null, "", statuses, Failing(failures), error)
            : new(
                highest.Replicas,
                highest.Name,
                statuses,
                new(AutoscalerFinding.ScalingActive, true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {highest.Name}"),
                error);
    }

    private static AutoscalerFinding Failing(List<MetricFailure> failures) => failures.Count == 0
        ? new(AutoscalerFinding.ScalingActive, false, "InvalidMetricSourceType", "the HPA was unable to compute the replica count: no metrics are set")
        : new(AutoscalerFinding.ScalingActive, false, failures[0].Reason, $"the HPA was unable to compute the replica count: {failures[0].Message}");
}
