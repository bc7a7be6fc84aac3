using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Slipway.Runtime;

/// <summary>
/// The instruments of one host. Counters are observed from cells of our own, so that every series is there, at zero, from the first
/// scrape, whenever the exporter starts to listen.
/// </summary>
internal sealed class RuntimeMetrics
{
    private ImmutableArray<QueueMetrics> _queues = [];
    private ImmutableArray<ControllerMetrics> _controllers = [];
    private ImmutableArray<LeaderMetrics> _leases = [];
    private long _eventsDropped;

    public RuntimeMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(RuntimeMetricNames.Meter);
        meter.CreateObservableGauge(RuntimeMetricNames.QueueDepth, () => _queues.Select(queue => queue.Depth()));
        meter.CreateObservableCounter(RuntimeMetricNames.QueueAdds, () => _queues.Select(queue => queue.Adds()));
        meter.CreateObservableCounter(RuntimeMetricNames.QueueRetries, () => _queues.Select(queue => queue.Retries()));
        meter.CreateObservableGauge(RuntimeMetricNames.UnfinishedWork, () => _queues.Select(queue => queue.UnfinishedWork()), "s");
        meter.CreateObservableGauge(RuntimeMetricNames.LongestRunning, () => _queues.Select(queue => queue.LongestRunning()), "s");
        meter.CreateObservableCounter(RuntimeMetricNames.Reconciles, () => _controllers.SelectMany(controller => controller.Reconciles()));
        meter.CreateObservableCounter(RuntimeMetricNames.ReconcileErrors, () => _controllers.Select(controller => controller.Errors()));
        meter.CreateObservableCounter(RuntimeMetricNames.TerminalErrors, () => _controllers.Select(controller => controller.TerminalErrors()));
        meter.CreateObservableGauge(RuntimeMetricNames.ActiveWorkers, () => _controllers.Select(controller => controller.ActiveWorkers()));
        meter.CreateObservableGauge(RuntimeMetricNames.MaxConcurrentReconciles, () => _controllers.Select(controller => controller.MaxWorkers()));
        meter.CreateObservableCounter(RuntimeMetricNames.EventsDropped, () => Interlocked.Read(ref _eventsDropped));
        meter.CreateObservableGauge(RuntimeMetricNames.LeaderStatus, () => _leases.Select(lease => lease.MasterStatus()));
        meter.CreateObservableCounter(RuntimeMetricNames.Requests, Requests.Requests);
        QueueDuration = Seconds(meter, RuntimeMetricNames.QueueDuration, Buckets.Queue);
        WorkDuration = Seconds(meter, RuntimeMetricNames.WorkDuration, Buckets.Queue);
        ReconcileTime = Seconds(meter, RuntimeMetricNames.ReconcileTime, Buckets.Reconcile);
    }

    public RequestMetrics Requests { get; } = new();

    public Histogram<double> QueueDuration { get; }

    public Histogram<double> WorkDuration { get; }

    public Histogram<double> ReconcileTime { get; }

    public QueueMetrics ForQueue(string name)
    {
        var queue = new QueueMetrics(name, this);
        ImmutableInterlocked.Update(ref _queues, queues => queues.Add(queue));
        return queue;
    }

    public ControllerMetrics ForController(string name, int workers)
    {
        var controller = new ControllerMetrics(name, workers, this);
        ImmutableInterlocked.Update(ref _controllers, controllers => controllers.Add(controller));
        return controller;
    }

    public LeaderMetrics ForLease(string name)
    {
        var lease = new LeaderMetrics(name);
        ImmutableInterlocked.Update(ref _leases, leases => leases.Add(lease));
        return lease;
    }

    public void EventDropped() => Interlocked.Increment(ref _eventsDropped);

    private static Histogram<double> Seconds(Meter meter, string name, double[] buckets) =>
        meter.CreateHistogram(name, "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    private static class Buckets
    {
        /// <summary>Powers of ten from 10 ns to 1,000 s, as client-go's queues have them.</summary>
        public static readonly double[] Queue = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

        public static readonly double[] Reconcile = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    }
}
