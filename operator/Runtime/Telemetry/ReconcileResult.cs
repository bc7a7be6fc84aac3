namespace Slipway.Runtime;

/// <summary>How a reconcile ended, as the metric's label says it.</summary>
internal enum ReconcileResult
{
    Success,
    RequeueAfter,
    Requeue,
    Error,
    Terminal,
}
