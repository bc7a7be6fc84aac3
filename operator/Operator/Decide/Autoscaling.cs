using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Decide;

/// <summary>Whether the number of pods follows the load, in the words of whoever scales.</summary>
internal static class Autoscaling
{
    /// <summary>Longest text of somebody else that is quoted in a condition.</summary>
    private const int MaxQuote = 1024;

    /// <summary>Null while autoscaling is not set.</summary>
    /// <param name="shortfall">Why pods that the scaler asks for do not come; null when they do.</param>
    public static Finding? Find(Situation situation, Finding? shortfall) => situation.Observed.Model.Spec.Autoscaling is not { } scaling
        ? null
        : Missing(scaling, situation) ?? Waiting(scaling, situation.Observed.Scalers) ?? Reported(scaling, situation.Observed.Scalers, shortfall);

    /// <summary>What the engine cannot do without; null when all is there.</summary>
    public static Finding? Missing(AutoscalingSpec scaling, Situation situation) => scaling.Engine switch
    {
        AutoscalingEngines.Keda when !situation.Observed.Scalers.KedaServed || situation.Lost(ScaledObject.KubeKind) => new(
            Reasons.KedaMissing, "spec.autoscaling.engine is KEDA, and the cluster does not know ScaledObjects: install KEDA, or use engine HPA. The number of pods stays as it is."),
        AutoscalingEngines.Hpa when !situation.Observed.Scalers.CustomMetricsServed && Served(scaling) is { Length: > 0 } figures => new(
            Reasons.CustomMetricsMissing, $"Nobody in the cluster serves custom.metrics.k8s.io, from which the autoscaler reads {figures}: install an adapter, or use engine KEDA."),
        _ => null,
    };

    private static string Served(AutoscalingSpec scaling) =>
        string.Join(", ", scaling.Metrics.Select(metric => ScalingFigure.Of(metric.Type)?.Name).OfType<string>());

    private static Finding? Waiting(AutoscalingSpec scaling, Scalers scalers) => scaling.Engine == AutoscalingEngines.Hpa && scalers.AwaitsEnd
        ? new(Reasons.ScalerPending, "The HorizontalPodAutoscaler is made once KEDA has let go of the Deployment; the number of pods stays as it is until then.")
        : null;

    private static Finding Reported(AutoscalingSpec scaling, Scalers scalers, Finding? shortfall)
    {
        var conditions = (scalers.ScaledObject?.Status?.Conditions ?? [])
            .Select(condition => new Word(ScaledObject.KubeKind, condition.Type, condition.Status, condition.Reason, condition.Message))
            .Concat(((scaling.Engine == AutoscalingEngines.Keda ? scalers.Keda : scalers.Own)?.Status?.Conditions ?? [])
                .Select(condition => new Word(V2HorizontalPodAutoscaler.KubeKind, condition.Type, condition.Status, condition.Reason, condition.Message)))
            .ToList();
        if (conditions.Find(IsTrouble) is { } trouble)
        {
            var said = trouble.Message ?? "";
            return new(Reasons.ScalerFailing, $"The {trouble.Kind} says {trouble.Type}={trouble.Status}, {trouble.Reason}: {(said.Length > MaxQuote ? said[..MaxQuote] + "…" : said)}");
        }

        return conditions.Exists(condition => condition is { Type: "ScalingActive" or "Ready", Status: "True" })
            ? new(Reasons.ScalerActive, $"The number of pods follows the load, between {scaling.MinReplicas} and {scaling.MaxReplicas}.{(shortfall is null ? "" : $" Not all of them come. {shortfall.Message}")}")
            : new(Reasons.ScalerPending, "The autoscaler has not reported yet.");
    }

    private static bool IsTrouble(Word condition) => condition is { Status: "False", Type: "ScalingActive" or "AbleToScale" or "Ready" };

    private sealed record Word(string Kind, string Type, string Status, string? Reason, string? Message);
}
