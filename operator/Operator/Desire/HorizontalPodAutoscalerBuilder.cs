using System.Globalization;
using k8s.Models;
using Slipway.Api;
using Slipway.Api.Validation;

namespace Slipway.Operator.Desire;

/// <summary>The scaler of engine HPA.</summary>
internal static class HorizontalPodAutoscalerBuilder
{
    /// <summary>Null means the object is not wanted: nothing scales, or KEDA does.</summary>
    public static V2HorizontalPodAutoscaler? Build(DesireContext context) => context.Model.Spec.Autoscaling is not { Engine: AutoscalingEngines.Hpa } scaling ? null : new()
    {
        ApiVersion = "autoscaling/v2",
        Kind = V2HorizontalPodAutoscaler.KubeKind,
        Metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name),
        Spec = new()
        {
            ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = V1Deployment.KubeKind, Name = context.Model.Metadata.Name },
            MinReplicas = scaling.MinReplicas,
            MaxReplicas = scaling.MaxReplicas,
            Metrics = [.. scaling.Metrics.Select(Metric)],
            Behavior = Behavior(scaling),
        },
    };

    /// <summary>The user's behavior as Kubernetes' type; null leaves it to Kubernetes.</summary>
    internal static V2HorizontalPodAutoscalerBehavior? Behavior(AutoscalingSpec scaling) =>
        scaling.Behavior is { Count: > 0 } behavior ? PassedThrough.Read<V2HorizontalPodAutoscalerBehavior>(behavior, "spec.autoscaling.behavior", out _) : null;

    private static V2MetricSpec Metric(MetricSpec metric) => ScalingFigure.Of(metric.Type) is { } figure
        ? new()
        {
            Type = "Pods",
            Pods = new()
            {
                Metric = new() { Name = figure.Name },
                Target = new() { Type = "AverageValue", AverageValue = new(metric.Target.ToString(CultureInfo.InvariantCulture)) },
            },
        }
        : new()
        {
            Type = "Resource",
            Resource = new() { Name = Resource(metric.Type), Target = new() { Type = "Utilization", AverageUtilization = metric.Target } },
        };

    internal static string Resource(string type) => type == MetricTypes.Cpu ? "cpu" : "memory";
}
