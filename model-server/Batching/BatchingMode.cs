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
    public const int MostRows = 65_536;

    public BatchingMode Mode { get; init; } = BatchingMode.Auto;

    /// <summary>Rows that run together at most; at least 1.</summary>
    public int MaxBatchSize { get; init; } = 32;
}
