using System.Diagnostics;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Batching;

/// <summary>One thread that takes calls from the queue and runs them, together where they fit. A batch that fails is run again call by call.</summary>
internal sealed class Worker : IDisposable
{
    private readonly ModelSession _session;
    private readonly CallQueue _queue;
    private readonly RunCosts _costs;
    private readonly VersionMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly JoinedInputs _joined;
    private readonly Thread _thread;

    public Worker(ModelSession session, CallQueue queue, RunCosts costs, VersionMetrics metrics, TimeProvider clock, string name)
    {
        _session = session;
        _queue = queue;
        _costs = costs;
        _metrics = metrics;
        _clock = clock;
        _joined = new JoinedInputs(session);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Waits until the thread ends, which it does once the queue is closed and empty.</summary>
    public void Dispose()
    {
        _thread.Join();
        _joined.Dispose();
    }

    private void Work()
    {
        var taken = new List<QueuedCall>();
        while (_queue.Take(taken) is { } batch)
        {
            foreach (var call in taken)
            {
                _metrics.Queued(_clock.GetElapsedTime(call.EnqueuedAt));
            }

            if (!TryRun(batch, taken, last: taken.Count == 1))
            {
                foreach (var call in taken)
                {
                    TryRun(_queue.Begin([call]), [call], last: true);
                }
            }
        }
    }

    /// <param name="last">Whether a failure is final.</param>
    /// <returns>False when the calls are to be tried again; nobody has been told anything then.</returns>
    private bool TryRun(RunningBatch batch, IReadOnlyList<QueuedCall> calls, bool last)
    {
        RunOutputs? outputs = null;
        Exception? failure = null;
        try
        {
            outputs = Run(batch, calls);
        }
        catch (Exception exception)
        {
            // Whatever it was, the callers wait for a word, and the worker goes on to the next call.
            failure = exception;
        }

        var isAbandoned = batch.IsAbandoned;
        _queue.End(batch, calls);
        if (failure is not null && !last && !isAbandoned)
        {
            return false;
        }

        Tell(calls, outputs, failure);
        return true;
    }

    private RunOutputs Run(RunningBatch batch, IReadOnlyList<QueuedCall> calls)
    {
        var started = Stopwatch.GetTimestamp();
        var first = calls[0].Call;
        var inputs = calls.Count == 1 ? first.InputValues() : _joined.Join([.. calls.Select(call => call.Call)]);
        var began = Stopwatch.GetTimestamp();
        foreach (var call in calls)
        {
            call.Call.RunBegan = began;
        }

        var values = _session.Run(first, inputs, batch.Options);
        var took = Stopwatch.GetElapsedTime(began);
        var outputs = new RunOutputs(values, calls.Count);
        var rows = calls.Sum(call => Math.Max(1, BatchKey.Rows(call.Call)));
        if (calls.Count > 1)
        {
            _joined.Forget();
            RequireRows(outputs, rows, calls.Count);
        }

        _costs.Learn(took, rows, calls.Count);
        _metrics.Ran(took, rows, calls.Count, Stopwatch.GetElapsedTime(started, began));
        return outputs;
    }

    private static void RequireRows(RunOutputs outputs, long rows, int users)
    {
        foreach (var value in outputs.Values)
        {
            if (value.GetTensorTypeAndShape().Shape is not [var given, ..] || given != rows)
            {
                for (var user = 0; user < users; user++)
                {
                    outputs.Release();
                }

                throw new InvalidDataException("The model gave another number of rows than it took.");
            }
        }
    }

    private static void Tell(IReadOnlyList<QueuedCall> calls, RunOutputs? outputs, Exception? failure)
    {
        long row = 0;
        foreach (var call in calls)
        {
            var rows = calls.Count == 1 ? -1 : BatchKey.Rows(call.Call);
            if (call.IsAbandoned)
            {
                outputs?.Release();
                call.Cancel();
            }
            else if (outputs is null)
            {
                call.Fail(failure!);
            }
            else
            {
                call.Succeed(new InferResult(call.Call, outputs, row, rows));
            }

            row += Math.Max(0, rows);
        }
    }
}
