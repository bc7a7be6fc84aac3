using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Slipway.Runtime;

/// <summary>The series of one controller.</summary>
internal sealed class ControllerMetrics(string name, int workers, RuntimeMetrics metrics)
{
    private readonly TagList _tags = new() { { RuntimeMetricNames.ControllerLabel, name } };
    private long _success;
    private long _requeueAfter;
    private long _requeue;
    private long _errors;
    private long _terminalErrors;
    private long _active;

    public void Started() => Interlocked.Increment(ref _active);

    public void Ended(ReconcileResult result, TimeSpan time)
    {
        Interlocked.Decrement(ref _active);
        metrics.ReconcileTime.Record(time.TotalSeconds, _tags);
        switch (result)
        {
            case ReconcileResult.Success:
                Interlocked.Increment(ref _success);
                break;
            case ReconcileResult.RequeueAfter:
                Interlocked.Increment(ref _requeueAfter);
                break;
            case ReconcileResult.Requeue:
                Interlocked.Increment(ref _requeue);
                break;
            case ReconcileResult.Error:
                Interlocked.Increment(ref _errors);
                break;
            case ReconcileResult.Terminal:
                Interlocked.Increment(ref _errors);
                Interlocked.Increment(ref _terminalErrors);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(result), result, null);
        }
    }

    public IEnumerable<Measurement<long>> Reconciles() =>
    [
        Result("success", ref _success),
        Result("requeue_after", ref _requeueAfter),
        Result("requeue", ref _requeue),
        Result("error", ref _errors),
    ];

    public Measurement<long> Errors() => new(Interlocked.Read(ref _errors), _tags);

    public Measurement<long> TerminalErrors() => new(Interlocked.Read(ref _terminalErrors), _tags);

    public Measurement<long> ActiveWorkers() => new(Interlocked.Read(ref _active), _tags);

    public Measurement<long> MaxWorkers() => new(workers, _tags);

    private Measurement<long> Result(string result, ref long count) => new(
        Interlocked.Read(ref count),
        new(RuntimeMetricNames.ControllerLabel, name),
        new KeyValuePair<string, object?>(RuntimeMetricNames.ResultLabel, result));
}
