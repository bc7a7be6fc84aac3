using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Batching;

/// <summary>
/// Ends inline runs that nobody waits for any more. What a run costs can depend on its values, of which nobody knows before; a timer for each
/// would cost more than most runs do, so one timer looks at all of them.
/// </summary>
internal sealed class InlineWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Run, byte> _known = new();
    private readonly ConcurrentBag<Run> _idle = [];
    private readonly ITimer _timer;

    // How often it looks is no part of what requests are promised, whose own clock says what is over.
    public InlineWatch() => _timer = TimeProvider.System.CreateTimer(static watch => ((InlineWatch)watch!).Look(), this, Period, Period);

    /// <summary>The caller owes <see cref="Leave"/>.</summary>
    public Run Enter(RequestDeadline deadline)
    {
        if (!_idle.TryTake(out var run))
        {
            run = new Run();
            _known.TryAdd(run, 0);
        }

        run.Begin(deadline);
        return run;
    }

    public void Leave(Run run)
    {
        if (run.TryEnd())
        {
            _idle.Add(run);
            return;
        }

        // Its options were told to end a run, and might end the next one too.
        _known.TryRemove(run, out _);
        run.Dispose();
    }

    /// <summary>Call when no run is under way.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        foreach (var run in _known.Keys)
        {
            run.Dispose();
        }
    }

    private void Look()
    {
        foreach (var (run, _) in _known)
        {
            run.EndIfLate();
        }
    }

    /// <summary>The options of one run, which can be used again unless it had to be ended.</summary>
    internal sealed class Run : IDisposable
    {
        private readonly Lock _lock = new();
        private RequestDeadline? _deadline;
        private bool _wasEnded;
        private bool _isDisposed;

        public RunOptions Options { get; } = new();

        public void Begin(RequestDeadline deadline)
        {
            lock (_lock)
            {
                _deadline = deadline;
            }
        }

        /// <returns>False when the run was told to end.</returns>
        public bool TryEnd()
        {
            lock (_lock)
            {
                _deadline = null;
                return !_wasEnded;
            }
        }

        public void EndIfLate()
        {
            lock (_lock)
            {
                if (_deadline is { IsPointless: true } && !_isDisposed)
                {
                    _wasEnded = true;
                    Options.Terminate = true;
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _isDisposed = true;
                Options.Dispose();
            }
        }
    }
}
