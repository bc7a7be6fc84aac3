namespace Slipway.ModelServer.Batching;

/// <summary>
/// Calls that wait for a worker, first come first served. A worker takes the first one and, when the plan batches, those behind it that fit.
/// A call that is abandoned leaves at once, wherever it is.
/// </summary>
/// <param name="maxDelay">How long a call may wait for others to join it, asked whenever one is taken; null or zero takes only those that wait already.</param>
internal sealed class CallQueue(ExecutionPlan plan, TimeProvider clock, Func<TimeSpan>? maxDelay = null)
{
    private readonly object _lock = new();
    private readonly LinkedList<QueuedCall> _waiting = new();
    private long _rows;
    private int _joining;
    private bool _closed;

    /// <summary>Rows of the calls that wait.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>How long a call may wait for others now.</summary>
    public TimeSpan MaxDelay => maxDelay?.Invoke() ?? TimeSpan.Zero;

    public void Add(QueuedCall call)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            call.Node = _waiting.AddLast(call);
            Count(call, 1);
            if (_joining > 0)
            {
                // A worker that waits for company may not be able to take it, and would swallow the only pulse.
                Monitor.PulseAll(_lock);
            }
            else
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Nobody waits for the call any more: takes it out, or ends its run when no other call needs it.</summary>
    public void Abandon(QueuedCall call)
    {
        lock (_lock)
        {
            if (call.Node is { List: not null } node)
            {
                _waiting.Remove(node);
                Count(call, -1);
                call.Cancel();
            }
            else if (!call.IsAbandoned)
            {
                call.IsAbandoned = true;
                call.Batch?.Abandon();
            }
        }
    }

    /// <summary>Blocks until there is work.</summary>
    /// <param name="taken">Emptied, then filled with the calls of one run.</param>
    /// <returns>Null when the queue is closed.</returns>
    public RunningBatch? Take(List<QueuedCall> taken)
    {
        taken.Clear();
        lock (_lock)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                {
                    return null;
                }

                Monitor.Wait(_lock);
            }

            var rows = Remove(_waiting.First!, taken);
            if (plan.MaxBatchRows > 1 && rows > 0)
            {
                Join(taken, rows);
            }

            return Begin(taken);
        }
    }

    /// <summary>Runs one call of a failed batch again, by itself.</summary>
    public RunningBatch Begin(IReadOnlyList<QueuedCall> calls)
    {
        lock (_lock)
        {
            var batch = new RunningBatch(calls);
            foreach (var call in calls)
            {
                call.Batch = batch;
                if (call.IsAbandoned)
                {
                    batch.Abandon();
                }
            }

            return batch;
        }
    }

    /// <summary>After this nothing touches the batch's options any more.</summary>
    public void End(RunningBatch batch, IReadOnlyList<QueuedCall> calls)
    {
        lock (_lock)
        {
            foreach (var call in calls)
            {
                call.Batch = null;
            }
        }

        batch.Dispose();
    }

    /// <summary>Lets the workers go once nothing waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Join(List<QueuedCall> taken, long rows)
    {
        rows = TakeMatching(taken, rows);
        var delay = MaxDelay;
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        var until = delay - clock.GetElapsedTime(taken[0].EnqueuedAt);
        _joining++;
        while (rows < plan.MaxBatchRows && until > TimeSpan.Zero && !_closed)
        {
            Monitor.Wait(_lock, until);
            rows = TakeMatching(taken, rows);
            until = delay - clock.GetElapsedTime(taken[0].EnqueuedAt);
        }

        _joining--;
    }

    // A call that does not fit keeps its place, so that it is the first one of a later run.
    private long TakeMatching(List<QueuedCall> taken, long rows)
    {
        for (var node = _waiting.First; node is not null && rows < plan.MaxBatchRows;)
        {
            var next = node.Next;
            var more = BatchKey.Rows(node.Value.Call);
            if (more > 0 && rows + more <= plan.MaxBatchRows && BatchKey.Match(taken[0].Call, node.Value.Call))
            {
                rows += Remove(node, taken);
            }

            node = next;
        }

        return rows;
    }

    private long Remove(LinkedListNode<QueuedCall> node, List<QueuedCall> taken)
    {
        _waiting.Remove(node);
        Count(node.Value, -1);
        taken.Add(node.Value);
        return BatchKey.Rows(node.Value.Call);
    }

    private void Count(QueuedCall call, int sign) => Interlocked.Add(ref _rows, sign * Math.Max(1, BatchKey.Rows(call.Call)));
}
