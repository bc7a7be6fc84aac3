namespace Slipway.Runtime;

/// <summary>The meter and the instruments of the runtime. Names and labels are controller-runtime's and client-go's, so that their dashboards fit.</summary>
public static class RuntimeMetricNames
{
    /// <summary>Add this meter to the exporter.</summary>
    public const string Meter = "Slipway.Runtime";

    public const string QueueDepth = "workqueue_depth";
    public const string QueueAdds = "workqueue_adds_total";
    public const string QueueRetries = "workqueue_retries_total";
    public const string QueueDuration = "workqueue_queue_duration_seconds";
    public const string WorkDuration = "workqueue_work_duration_seconds";
    public const string UnfinishedWork = "workqueue_unfinished_work_seconds";
    public const string LongestRunning = "workqueue_longest_running_processor_seconds";
    public const string Reconciles = "controller_runtime_reconcile_total";
    public const string ReconcileErrors = "controller_runtime_reconcile_errors_total";
    public const string TerminalErrors = "controller_runtime_terminal_reconcile_errors_total";
    public const string ReconcileTime = "controller_runtime_reconcile_time_seconds";
    public const string ActiveWorkers = "controller_runtime_active_workers";
    public const string MaxConcurrentReconciles = "controller_runtime_max_concurrent_reconciles";
    public const string EventsDropped = "controller_runtime_events_dropped_total";
    public const string LeaderStatus = "leader_election_master_status";
    public const string Requests = "rest_client_requests_total";

    public const string ControllerLabel = "controller";
    public const string NameLabel = "name";
    public const string ResultLabel = "result";
    public const string CodeLabel = "code";
    public const string MethodLabel = "method";
    public const string HostLabel = "host";
}
