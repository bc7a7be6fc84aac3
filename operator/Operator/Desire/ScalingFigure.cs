using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// A figure of the server that can be a target: its name at custom.metrics.k8s.io, where it is an average over pods, and the question to Prometheus
/// for its sum over pods, which a scaler divides by their number. Both mean the same, so that either engine scales alike.
/// </summary>
internal sealed record ScalingFigure(string Name, Func<string, string> Query)
{
    private static readonly ScalingFigure Concurrency = new(
        ServerContract.Metrics.ScalingConcurrency,
        series => $"sum(rate({ServerContract.Metrics.RequestDuration}_sum{series}[1m]))");

    private static readonly ScalingFigure RequestsPerSecond = new(
        ServerContract.Metrics.ScalingRequestsPerSecond,
        series => $"sum(rate({ServerContract.Metrics.Requests}{series}[1m]))");

    // Pods that had no request have no average; without the condition theirs would be 0 ÷ 0, and with it the sum.
    private static readonly ScalingFigure QueueTime = new(
        ServerContract.Metrics.ScalingQueueTime,
        series => $"sum(1000 * sum by (pod) (rate({ServerContract.Metrics.QueueDuration}_sum{series}[1m])) / (sum by (pod) (rate({ServerContract.Metrics.QueueDuration}_count{series}[1m])) > 0))");

    /// <param name="type">One of <see cref="MetricTypes"/>.</param>
    /// <returns>Null for figures of the kubelet.</returns>
    public static ScalingFigure? Of(string type) => type switch
    {
        MetricTypes.Concurrency => Concurrency,
        MetricTypes.RequestsPerSecond => RequestsPerSecond,
        MetricTypes.QueueTime => QueueTime,
        MetricTypes.Cpu or MetricTypes.Memory => null,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is no type of metric"),
    };

    /// <summary>The question for one model, whatever its version.</summary>
    public string QueryFor(ModelDeployment model) => Query($"{{namespace=\"{model.Metadata.NamespaceProperty}\",model=\"{model.Metadata.Name}\"}}");
}
