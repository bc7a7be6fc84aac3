namespace Slipway.ModelServer.Batching;

/// <summary>Whether calls are run together.</summary>
internal enum BatchingMode
{
    /// <summary>When the model allows it, rows run together come out as rows run apart, and it is cheaper.</summary>
    Auto,
    On,
    Off,
}

/// <summary>What the user asks of batching.</summary>
internal sealed record BatchingSettings
{
    public BatchingMode Mode { get; init; } = BatchingMode.Auto;

    /// <summary>Rows that run together at most; at least 1.</summary>
    public int MaxBatchSize { get; init; } = 32;

    /// <summary>How long a call may wait for others to join it; zero takes only those that wait already.</summary>
    public TimeSpan MaxDelay { get; init; }
}
