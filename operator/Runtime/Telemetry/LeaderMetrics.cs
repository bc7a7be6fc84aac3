using System.Diagnostics.Metrics;

namespace Slipway.Runtime;

/// <summary>The series of one lease.</summary>
internal sealed class LeaderMetrics(string lease)
{
    private long _leads;

    public void Leads(bool leads) => Interlocked.Exchange(ref _leads, leads ? 1 : 0);

    public Measurement<long> MasterStatus() => new(Interlocked.Read(ref _leads), new KeyValuePair<string, object?>(RuntimeMetricNames.NameLabel, lease));
}
