namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What a condition of an autoscaler says.</summary>
internal sealed record AutoscalerFinding(string Type, bool Holds, string Reason, string Message)
{
    public const string AbleToScale = "AbleToScale";
    public const string ScalingActive = "ScalingActive";
    public const string ScalingLimited = "ScalingLimited";
}
