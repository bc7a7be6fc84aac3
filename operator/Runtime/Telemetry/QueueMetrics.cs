using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Slipway.Runtime;

/// <summary>The series of one work queue.</summary>
internal sealed class QueueMetrics(string name, RuntimeMetrics metrics)
{
    private readonly TagList _tags = new()
    {
        { RuntimeMetricNames.NameLabel, name },
        { RuntimeMetricNames.ControllerLabel, name },
    };

    private long _depth;
    private long _adds;
    private long _retries;

    public void Added() => Interlocked.Increment(ref _adds);

    public void Retried() => Interlocked.Increment(ref _retries);

    public void DepthIs(int depth) => Interlocked.Exchange(ref _depth, depth);

    public void Waited(TimeSpan time) => metrics.QueueDuration.Record(time.TotalSeconds, _tags);

    public void Worked(TimeSpan time) => metrics.WorkDuration.Record(time.TotalSeconds, _tags);

    public Measurement<long> Depth() => new(Interlocked.Read(ref _depth), _tags);

    public Measurement<long> Adds() => new(Interlocked.Read(ref _adds), _tags);

    public Measurement<long> Retries() => new(Interlocked.Read(ref _retries), _tags);
}
