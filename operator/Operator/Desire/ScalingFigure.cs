using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// A figure of the server that can be a target: its name at custom.metrics.k8s.io, where it is an average over pods, and the question to Prometheus
/// for its sum over pods, which a scaler divides by their number. Both mean the same, so that either engine scales alike. A pod that is idle, or was
/// never asked, has 0; one that Prometheus does not scrape has none, for a scaler takes a lack for trouble and 0 for leave to scale down.
/// </summary>
/// <param name="PerPod">The question for each group of labels, of the series that match.</param>
internal sealed record ScalingFigure(string Name, Func<string, string, string> PerPod)
{
    private static readonly ScalingFigure Concurrency = new(
        ServerContract.Metrics.ScalingConcurrency,
        (matchers, group) => $"{Rate($"{ServerContract.Metrics.RequestDuration}_sum", matchers, group)} or {Zero(matchers, group)}");

    private static readonly ScalingFigure RequestsPerSecond = new(
        ServerContract.Metrics.ScalingRequestsPerSecond,
        (matchers, group) => Rate(ServerContract.Metrics.Requests, matchers, group));

    private static readonly ScalingFigure QueueTime = new(
        ServerContract.Metrics.ScalingQueueTime,
        (matchers, group) => $"1000 * {Rate($"{ServerContract.Metrics.QueueDuration}_sum", matchers, group)}"
            + $" / ({Rate($"{ServerContract.Metrics.QueueDuration}_count", matchers, group)} > 0) or {Zero(matchers, group)}");

    public static IReadOnlyList<ScalingFigure> All { get; } = [Concurrency, RequestsPerSecond, QueueTime];

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
    public string QueryFor(ModelDeployment model) =>
        $"sum({PerPod($"namespace=\"{model.Metadata.NamespaceProperty}\",model=\"{model.Metadata.Name}\"", "pod")})";

    private static string Rate(string counter, string matchers, string group) => $"sum by ({group}) (rate({counter}{{{matchers}}}[1m]))";

    /// <summary>Of pods that are scraped: a histogram has no series before its first value, and this counter has from the start.</summary>
    private static string Zero(string matchers, string group) => $"0 * {Rate(ServerContract.Metrics.Requests, matchers, group)}";
}
