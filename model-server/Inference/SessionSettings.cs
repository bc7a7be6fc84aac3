namespace Slipway.ModelServer.Inference;

/// <summary>How ONNX Runtime is to load and run a model.</summary>
internal sealed record SessionSettings
{
    public const int MostThreads = 1024;

    /// <summary>Threads inside one operator of the graph; at least 1.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Threads across operators of the graph; at least 1.</summary>
    public int InterOpThreads { get; init; } = 1;

    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Whether independent operators run at the same time.</summary>
    public OperatorOrder Execution { get; init; } = OperatorOrder.Auto;

    /// <summary>Whether memory of the graph's own tensors is kept between runs; without it every run asks the system for it.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>Whether the memory that a shape needs is planned once and then taken in one piece.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>Calls that run at a time; 0 takes as many as the cores can carry with <see cref="IntraOpThreads"/> each.</summary>
    public int Instances { get; init; }
}

/// <summary>How far the graph is rewritten at load.</summary>
internal enum GraphOptimization
{
    Disabled,

    /// <summary>What is exact everywhere, such as folding constants.</summary>
    Basic,

    /// <summary>Fused operators too.</summary>
    Extended,

    /// <summary>Memory layouts too.</summary>
    All,
}

/// <summary>In which order operators run.</summary>
internal enum OperatorOrder
{
    /// <summary>In parallel when there is more than one thread for it.</summary>
    Auto,
    Sequential,
    Parallel,
}
