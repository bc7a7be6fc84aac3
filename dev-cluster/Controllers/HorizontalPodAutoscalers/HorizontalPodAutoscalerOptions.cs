namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>The flags of Kubernetes' controller manager that concern autoscalers, with its defaults.</summary>
internal sealed record HorizontalPodAutoscalerOptions
{
    /// <summary>How often each autoscaler looks at its figures; default 15 seconds.</summary>
    public TimeSpan SyncPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How far back the highest recommendation holds off a scale down, where <c>behavior</c> does not say; default 5 minutes.</summary>
    public TimeSpan DownscaleStabilization { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the ratio of a figure to its target may be from 1 with nothing to do, where <c>behavior</c> does not say; default 0.1.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>How long after a pod's start its processor time counts only once it was measured wholly while ready; default 5 minutes.</summary>
    public TimeSpan CpuInitializationPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A pod that was not ready since so soon after its start has never been ready; default 30 seconds.</summary>
    public TimeSpan InitialReadinessDelay { get; init; } = TimeSpan.FromSeconds(30);
}
