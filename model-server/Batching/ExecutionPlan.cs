namespace Slipway.ModelServer.Batching;

/// <summary>How the calls of a version are run.</summary>
internal sealed record ExecutionPlan
{
    public Execution Execution { get; init; } = Execution.Worker;

    /// <summary>Calls that run at a time; at least 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Rows that run together at most; 1 runs each call alone.</summary>
    public int MaxBatchRows { get; init; } = 1;

    /// <summary>Why it is so, a sentence for the log.</summary>
    public string Reason { get; init; } = "";
}
