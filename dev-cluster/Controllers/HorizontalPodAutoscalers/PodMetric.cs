namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>A figure of one pod.</summary>
/// <param name="Value">In thousandths.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="Window">The stretch of time before, of which it is an average.</param>
internal readonly record struct PodMetric(long Value, DateTimeOffset Time, TimeSpan Window);

/// <summary>A figure that no number of pods can be told from; the message is for people.</summary>
internal sealed class MetricUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
