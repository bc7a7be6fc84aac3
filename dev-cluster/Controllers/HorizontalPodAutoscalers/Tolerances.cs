using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>How far below and above 1 the ratio of a figure to its target may be with nothing to do.</summary>
internal readonly record struct Tolerances(double Down, double Up)
{
    public static Tolerances Of(V2HorizontalPodAutoscalerBehavior? behavior, double standard) =>
        new(Of(behavior?.ScaleDown, standard), Of(behavior?.ScaleUp, standard));

    public bool Cover(double ratio) => 1 - Down <= ratio && ratio <= 1 + Up;

    private static double Of(V2HPAScalingRules? rules, double standard) => rules?.Tolerance is { } given ? (double)given.ToDecimal() : standard;
}
