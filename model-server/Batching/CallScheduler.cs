using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Batching;

/// <summary>Runs the calls of one version as its <see cref="ExecutionPlan"/> says. Disposed only when no call is under way.</summary>
internal sealed class CallScheduler : IDisposable
{
    // A call of a small model can still bring thousands of rows; past this it goes to the workers like any heavy call.
    private const double LongestInlineSeconds = 0.002;

    private readonly ModelSession _session;
    private readonly CallQueue _queue;
    private readonly Worker[] _workers;
    private readonly InlineWatch _watch;
    private readonly RunCosts _costs;
    private readonly VersionMetrics _metrics;
    private readonly TimeProvider _clock;

    /// <param name="maxDelay">How long a call may wait for others to join it; null never waits.</param>
    public CallScheduler(
        ModelSession session, ExecutionPlan plan, RunCosts costs, VersionMetrics metrics, TimeProvider clock, Func<TimeSpan>? maxDelay = null)
    {
        _session = session;
        _metrics = metrics;
        _clock = clock;
        Plan = plan;
        _costs = costs;
        _queue = new CallQueue(plan, clock, maxDelay);
        _watch = new InlineWatch();
        _workers = [.. Enumerable.Range(0, plan.Workers).Select(i => new Worker(session, _queue, costs, metrics, clock, $"inference-{i}"))];
        foreach (var worker in _workers)
        {
            worker.Start();
        }
    }

    public ExecutionPlan Plan { get; }

    /// <summary>Rows of the calls that wait for a worker.</summary>
    public long QueuedRows => _queue.Rows;

    /// <summary>How long a call may wait for others to join it, as it is set now.</summary>
    public TimeSpan MaxDelay => _queue.MaxDelay;

    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="OperationCanceledException">The deadline came or the client went, while waiting or running.</exception>
    /// <exception cref="ServingException">A text cannot be made into tokens.</exception>
    public ValueTask<InferResult> RunAsync(InferCall call, RequestDeadline deadline)
    {
        // Before the queue, since only then is known which calls are of the same length.
        if (_session.Text is { } text)
        {
            text.Encode(call);
            call.Tokenized = Stopwatch.GetTimestamp();
        }

        var rows = BatchKey.Rows(call);
        return RunsInline(rows) ? new ValueTask<InferResult>(RunInline(call, rows, deadline)) : new ValueTask<InferResult>(QueueAsync(call, deadline));
    }

    public void Dispose()
    {
        _queue.Close();
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }

        _watch.Dispose();
    }

    private bool RunsInline(long rows) =>
        Plan.Execution == Execution.Inline && rows * _costs.SecondsPerRow <= LongestInlineSeconds;

    private InferResult RunInline(InferCall call, long rows, RequestDeadline deadline)
    {
        var watched = _watch.Enter(deadline);
        var start = Stopwatch.GetTimestamp();
        call.RunBegan = start;
        var hasRun = false;
        try
        {
            var outputs = _session.RunAlone(call, rows, watched.Options);
            hasRun = true;
            return new InferResult(call, outputs);
        }
        catch (OnnxRuntimeException exception) when (watched.Options.Terminate)
        {
            throw new OperationCanceledException("The run was ended.", exception);
        }
        finally
        {
            var took = Stopwatch.GetElapsedTime(start);
            _costs.LearnInline(took, Math.Max(1, rows));
            if (hasRun)
            {
                _metrics.Ran(took, Math.Max(1, rows));
            }

            _watch.Leave(watched);
        }
    }

    private async Task<InferResult> QueueAsync(InferCall call, RequestDeadline deadline)
    {
        var queued = new QueuedCall(call, deadline, _clock.GetTimestamp());
        var token = deadline.Token;
        token.ThrowIfCancellationRequested();
        _queue.Add(queued);
        await using var leaving = token.UnsafeRegister(static state => ((Leaving)state!).Leave(), new Leaving(_queue, queued));
        return await queued.Task;
    }

    private sealed record Leaving(CallQueue Queue, QueuedCall Call)
    {
        public void Leave() => Queue.Abandon(Call);
    }
}
