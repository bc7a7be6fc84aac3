using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>A call that waits for its turn, and the link to its neighbours. All but <see cref="Task"/> belongs to the <see cref="CallQueue"/>'s lock.</summary>
internal sealed class QueuedCall(InferCall call, RequestDeadline deadline, long enqueuedAt)
{
    private readonly TaskCompletionSource<InferResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InferCall Call => call;

    public RequestDeadline Deadline => deadline;

    /// <summary>Timestamp of the clock.</summary>
    public long EnqueuedAt => enqueuedAt;

    /// <summary>Completes when the call is over. Until then a run may use the call's memory.</summary>
    public Task<InferResult> Task => _done.Task;

    public LinkedListNode<QueuedCall>? Node { get; set; }

    /// <summary>The batch that runs the call now.</summary>
    public RunningBatch? Batch { get; set; }

    /// <summary>Nobody waits for the answer any more.</summary>
    public bool IsAbandoned { get; set; }

    public void Succeed(InferResult result) => _done.SetResult(result);

    public void Fail(Exception exception) => _done.SetException(exception);

    public void Cancel() => _done.SetCanceled(deadline.Token);
}
