using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What one figure asks for, or why it cannot be told.</summary>
/// <param name="Replicas">The number of pods.</param>
/// <param name="Name">What events call the figure.</param>
/// <param name="Status">The figure now; null when it cannot be told.</param>
internal sealed record MetricAnswer(int Replicas, string Name, V2MetricStatus? Status)
{
    /// <summary>Why it cannot be told; null when it can.</summary>
    public MetricFailure? Failure { get; private init; }

    public static MetricAnswer Failed(V2MetricSpec metric, string message)
    {
        var (reason, subject) = metric.Type switch
        {
            "Resource" => ("FailedGetResourceMetric", $"{metric.Resource.Name} resource metric value"),
            "ContainerResource" => ("FailedGetContainerResourceMetric", $"{metric.ContainerResource.Name} container metric value"),
            "Pods" => ("FailedGetPodsMetric", "pods metric value"),
            "Object" => ("FailedGetObjectMetric", "object metric value"),
            "External" => ("FailedGetExternalMetric", "external metric value"),
            _ => ("InvalidMetricSourceType", "metric value"),
        };
        return new(0, "", null) { Failure = new(reason, message, $"failed to get {subject}: {message}") };
    }
}

/// <param name="Reason">Of the event and the condition.</param>
/// <param name="Message">Of the event.</param>
/// <param name="InContext">The message where it is one of several.</param>
internal sealed record MetricFailure(string Reason, string Message, string InContext);
