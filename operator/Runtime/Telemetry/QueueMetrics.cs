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
    private volatile Func<WorkInProgress> _inProgress = static () => default;

    public void Added() => Interlocked.Increment(ref _adds);

    public void Retried() => Interlocked.Increment(ref _retries);

    public void DepthIs(int depth) => Interlocked.Exchange(ref _depth, depth);

    /// <summary>Who is asked at each scrape for the work that goes on.</summary>
    public void InProgressBy(Func<WorkInProgress> look) => _inProgress = look;

    public void Waited(TimeSpan time) => metrics.QueueDuration.Record(time.TotalSeconds, _tags);

    public void Worked(TimeSpan time) => metrics.WorkDuration.Record(time.TotalSeconds, _tags);

    public Measurement<long> Depth() => new(Interlocked.Read(ref _depth), _tags);

    public Measurement<long> Adds() => new(Interlocked.Read(ref _adds), _tags);

    public Measurement<long> Retries() => new(Interlocked.Read(ref _retries), _tags);

    public Measurement<double> UnfinishedWork() => new(_inProgress().Sum.TotalSeconds, _tags);

    public Measurement<double> LongestRunning() => new(_inProgress().Longest.TotalSeconds, _tags);
}
