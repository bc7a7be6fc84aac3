using System.Text.Json.Serialization;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The body of the statistics extension.</summary>
internal sealed record StatisticsAnswer(IReadOnlyList<ModelStatistics> ModelStats);

/// <param name="LastInference">Milliseconds since 1970; 0 when there was none.</param>
/// <param name="InferenceCount">Rows.</param>
/// <param name="ExecutionCount">Runs of the model.</param>
internal sealed record ModelStatistics(
    string Name,
    string Version,
    long LastInference,
    long InferenceCount,
    long ExecutionCount,
    InferenceStatistics InferenceStats,
    IReadOnlyList<BatchStatistics> BatchStats);

internal sealed record InferenceStatistics(
    DurationStatistic Success,
    DurationStatistic Fail,
    DurationStatistic Queue,
    DurationStatistic ComputeInput,
    DurationStatistic ComputeInfer,
    DurationStatistic ComputeOutput);

/// <param name="ComputeOutput">Costs no time: calls that ran together take their rows where the run left them.</param>
internal sealed record BatchStatistics(long BatchSize, DurationStatistic ComputeInput, DurationStatistic ComputeInfer, DurationStatistic ComputeOutput);

internal sealed record DurationStatistic(long Count, [property: JsonPropertyName("ns")] long Nanoseconds)
{
    public static implicit operator DurationStatistic(DurationSum sum) => new(sum.Count, sum.Nanoseconds);
}
