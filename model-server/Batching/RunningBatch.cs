using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Batching;

/// <summary>The calls of one run. Ended early once none of them is waited for. Belongs to the <see cref="CallQueue"/>'s lock while it runs.</summary>
internal sealed class RunningBatch(IReadOnlyList<QueuedCall> calls) : IDisposable
{
    private int _wanted = calls.Count;

    public RunOptions Options { get; } = new();

    public bool IsAbandoned => _wanted == 0;

    public void Abandon()
    {
        if (--_wanted == 0)
        {
            Options.Terminate = true;
        }
    }

    public void Dispose() => Options.Dispose();
}
