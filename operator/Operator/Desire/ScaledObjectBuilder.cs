using System.Globalization;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>The scaler of engine KEDA.</summary>
internal static class ScaledObjectBuilder
{
    /// <summary>Whether nothing says where the Prometheus is that has to be asked.</summary>
    public static bool LacksAddress(ModelDeploymentSpec spec, string prometheusUrl) =>
        spec.Autoscaling is { Engine: AutoscalingEngines.Keda } scaling
        && scaling.Metrics.Any(metric => MetricTypes.IsServed(metric.Type))
        && prometheusUrl.Length == 0
        && scaling.Keda is not { ServerAddress.Length: > 0 };

    /// <summary>Null means the object is not wanted: nothing scales, or a HorizontalPodAutoscaler of our own does.</summary>
    public static ScaledObject? Build(DesireContext context)
    {
        if (context.Model.Spec.Autoscaling is not { Engine: AutoscalingEngines.Keda } scaling)
        {
            return null;
        }

        var keda = scaling.Keda ?? new();
        var metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name);
        if (context.Scalers.IsTakenOver)
        {
            metadata.Annotations = new Dictionary<string, string> { [Names.TransferHpaOwnership] = "true" };
        }

        return new()
        {
            Metadata = metadata,
            Spec = new()
            {
                ScaleTargetRef = new("apps/v1", k8s.Models.V1Deployment.KubeKind, context.Model.Metadata.Name),
                CooldownPeriod = DeploymentBuilder.Seconds(GoDuration.Parse(keda.CooldownPeriod)),
                MinReplicaCount = scaling.MinReplicas,
                MaxReplicaCount = scaling.MaxReplicas,
                Fallback = keda.Fallback is { } fallback ? new(fallback.FailureThreshold, fallback.Replicas) : null,
                Advanced = new()
                {
                    RestoreToOriginalReplicaCount = false,
                    HorizontalPodAutoscalerConfig = Autoscaler(context, scaling),
                },
                Triggers = [.. scaling.Metrics.Select(metric => Trigger(context, keda, metric))],
            },
        };
    }

    private static ScaledObjectAutoscaler? Autoscaler(DesireContext context, AutoscalingSpec scaling)
    {
        var name = context.Scalers.IsTakenOver ? context.Model.Metadata.Name : null;
        var behavior = HorizontalPodAutoscalerBuilder.Behavior(scaling);
        return name is null && behavior is null ? null : new() { Name = name, Behavior = behavior };
    }

    private static ScaledObjectTrigger Trigger(DesireContext context, KedaSpec keda, MetricSpec metric)
    {
        var target = metric.Target.ToString(CultureInfo.InvariantCulture);
        return ScalingFigure.Of(metric.Type) is { } figure
            ? new()
            {
                Type = "prometheus",
                Name = figure.Name,
                MetricType = "AverageValue",
                Metadata = new Dictionary<string, string>
                {
                    ["serverAddress"] = keda.ServerAddress.Length > 0 ? keda.ServerAddress : context.PrometheusUrl,
                    ["query"] = figure.QueryFor(context.Model),
                    ["threshold"] = target,
                    // Else a Prometheus that knows nothing of the model would be taken for one that knows of no load.
                    ["ignoreNullValues"] = "false",
                },
                AuthenticationRef = keda.AuthenticationRef.Length > 0 ? new(keda.AuthenticationRef) : null,
            }
            : new()
            {
                Type = HorizontalPodAutoscalerBuilder.Resource(metric.Type),
                MetricType = "Utilization",
                Metadata = new Dictionary<string, string> { ["value"] = target },
            };
    }
}
