using k8s.Models;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Observe;

/// <summary>What scales one model, and what the cluster offers for that.</summary>
/// <param name="Own">The HorizontalPodAutoscaler that the ModelDeployment controls; null while there is none.</param>
/// <param name="Keda">The HorizontalPodAutoscaler that KEDA made for the ScaledObject, or took over from us; null while there is none.</param>
/// <param name="ScaledObject">The ScaledObject that the ModelDeployment controls; null while there is none.</param>
internal sealed record Scalers(V2HorizontalPodAutoscaler? Own, V2HorizontalPodAutoscaler? Keda, ScaledObject? ScaledObject)
{
    public static readonly Scalers None = new(null, null, null);

    /// <summary>The API server knows ScaledObjects.</summary>
    public bool KedaServed { get; init; }

    /// <summary>Somebody serves custom.metrics.k8s.io.</summary>
    public bool CustomMetricsServed { get; init; }

    /// <summary>KEDA's scaler is still there, so that another one would contend with it for the number of pods.</summary>
    public bool AwaitsEnd => ScaledObject is not null || Keda is not null;

    /// <summary>The ScaledObject follows a HorizontalPodAutoscaler of ours, which KEDA takes over; as long as it lives, for the name would change with that.</summary>
    public bool IsTakenOver => ScaledObject is null ? Own is not null : ScaledObject.Metadata.Annotations?.ContainsKey(Names.TransferHpaOwnership) == true;
}
