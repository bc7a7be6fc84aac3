namespace Slipway.ModelServer.Batching;

/// <summary>Where the calls of a version run; decided once, when it is loaded.</summary>
internal enum Execution
{
    /// <summary>On the request's own thread: handing a call over would cost more than it saves.</summary>
    Inline,

    /// <summary>On a fixed number of threads, so that no more calls run at a time than the cores can carry.</summary>
    Worker,
}

/// <summary>The words for the label <c>execution</c>.</summary>
internal static class Executions
{
    public static string Name(this Execution execution) => execution switch
    {
        Execution.Inline => "inline",
        Execution.Worker => "worker",
        _ => throw new ArgumentOutOfRangeException(nameof(execution), execution, "has no name"),
    };
}
