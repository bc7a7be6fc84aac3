using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>
/// Has the pods of models asked again when it is time. A look that brings nothing that status does not say already ends with it; only news is
/// worth a reconcile. Pods that do not answer keep no worker from other models.
/// </summary>
internal sealed class DriftWatch(DriftReader drift, IObjectStore<ModelDeployment> models, TimeProvider clock, ILogger<DriftWatch> logger) : IKeySource
{
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Models that are looked at at the same time.</summary>
    private const int AtATime = 16;

    public IDisposable Attach(Action<ObjectKey> enqueue) => new Attachment(this, enqueue);

    /// <summary>Looks at all models whose time has come.</summary>
    internal Task LookAsync(Action<ObjectKey> enqueue, CancellationToken stop) =>
        Parallel.ForEachAsync(drift.Due(), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop }, async (key, token) =>
        {
            try
            {
                if (await drift.LookAsync(key, token) is { } window && models.Get(key) is { } model && IsNews(model, window))
                {
                    enqueue(key);
                }
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                // The others are looked at all the same.
                Log.LookFailed(logger, key, exception);
            }
        });

    private async Task RunAsync(Action<ObjectKey> enqueue, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await LookAsync(enqueue, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private bool IsNews(ModelDeployment model, FleetWindow window) => Drift.Find(model, window) is { } found && DriftReport.Of(model, found, clock.GetUtcNow()).IsNews;

    private sealed class Attachment : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public Attachment(DriftWatch watch, Action<ObjectKey> enqueue) => _ = watch.RunAsync(enqueue, _stop.Token);

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }
}
