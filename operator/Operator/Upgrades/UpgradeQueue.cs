using Slipway.Runtime;

namespace Slipway.Operator.Upgrades;

/// <summary>
/// Whose turn it is to get pods as this operator makes them. Models come in the order in which they asked, at most <paramref name="concurrency"/>
/// at a time; while one of them has failed nobody else begins.
/// </summary>
/// <param name="underWay">
/// Models whose turn an earlier operator process gave them and that were not Ready when this one started; asked once. They hold
/// everybody up until they are reported.
/// </param>
internal sealed class UpgradeQueue(int concurrency, Func<IEnumerable<ObjectKey>> underWay, ILogger<UpgradeQueue> logger) : IKeySource
{
    private readonly Lock _lock = new();
    private readonly Queue<ObjectKey> _order = [];
    private readonly HashSet<ObjectKey> _waiting = [];

    /// <summary>Of those that have their turn: what they were before it. The cache may show the old pods for a while, and status the new ones.</summary>
    private readonly HashSet<ObjectKey> _wereReady = [];

    /// <summary>Null: not reported yet.</summary>
    private Dictionary<ObjectKey, UpgradeStep?>? _turns;

    private Action<ObjectKey> _enqueue = static _ => { };

    /// <summary>Models in one step; those that have their turn and were not seen since count as under way.</summary>
    public int Count(UpgradeStep step)
    {
        lock (_lock)
        {
            return step == UpgradeStep.Waiting ? _waiting.Count : _turns?.Values.Count(turn => (turn ?? UpgradeStep.UnderWay) == step) ?? 0;
        }
    }

    public bool HasTurn(ObjectKey key)
    {
        lock (_lock)
        {
            return Turns().ContainsKey(key);
        }
    }

    /// <summary>Whether a model that has its turn was Ready before it.</summary>
    public bool WasReady(ObjectKey key)
    {
        lock (_lock)
        {
            return _wereReady.Contains(key);
        }
    }

    /// <summary>Tells where a model stands; those whose turn it is now are reconciled.</summary>
    /// <param name="isReady">Counts while it waits.</param>
    public void Report(ObjectKey key, UpgradeStep step, bool isReady = false)
    {
        List<ObjectKey> begin = [];
        lock (_lock)
        {
            Note(key, step);
            if (step == UpgradeStep.None || !Turns().ContainsKey(key))
            {
                _ = isReady && step == UpgradeStep.Waiting ? _wereReady.Add(key) : _wereReady.Remove(key);
            }

            while (Turns().Count < concurrency && Turns().Values.All(turn => turn == UpgradeStep.UnderWay) && Next() is { } next)
            {
                Turns()[next] = UpgradeStep.UnderWay;
                begin.Add(next);
            }
        }

        begin.ForEach(_enqueue);
    }

    public IDisposable Attach(Action<ObjectKey> enqueue)
    {
        _enqueue = enqueue;
        return new Attachment(this);
    }

    private Dictionary<ObjectKey, UpgradeStep?> Turns() => _turns ??= underWay().ToDictionary(key => key, _ => (UpgradeStep?)null);

    private void Note(ObjectKey key, UpgradeStep step)
    {
        var turns = Turns();
        if (step == UpgradeStep.Waiting)
        {
            // One that an earlier process began, towards pods that this one does not make any more, begins anew.
            if (turns.TryGetValue(key, out var turn) && turn is null)
            {
                turns.Remove(key);
            }

            if (!turns.ContainsKey(key) && _waiting.Add(key))
            {
                _order.Enqueue(key);
            }

            return;
        }

        _waiting.Remove(key);
        if (step == UpgradeStep.None)
        {
            turns.Remove(key);
            return;
        }

        if (step == UpgradeStep.Failed && turns.GetValueOrDefault(key) != UpgradeStep.Failed)
        {
            Log.UpgradeStopped(logger, key, _waiting.Count);
        }

        turns[key] = step;
    }

    private ObjectKey? Next()
    {
        while (_order.TryDequeue(out var key))
        {
            if (_waiting.Remove(key))
            {
                return key;
            }
        }

        return null;
    }

    private sealed class Attachment(UpgradeQueue queue) : IDisposable
    {
        public void Dispose() => queue._enqueue = static _ => { };
    }
}
