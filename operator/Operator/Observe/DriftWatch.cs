using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>
/// Has the pods of models asked again when it is time. A look that brings nothing that status does not say already ends with it; only news is
/// worth a reconcile. Pods that do not answer keep no worker from other models.
/// </summary>
internal sealed class DriftWatch(DriftReader drift, IObjectStore<ModelDeployment> models, TimeProvider clock, ILogger<DriftWatch> logger) : IKeySource, IDisposable
{
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Models that are looked at at the same time.</summary>
    private const int AtATime = 64;

    private readonly SemaphoreSlim _free = new(AtATime);

    public void Dispose() => _free.Dispose();

    public IDisposable Attach(Action<ObjectKey> enqueue) => new Attachment(this, enqueue);

    /// <summary>Begins a look at every model whose time has come. They end by themselves, and none fails.</summary>
    internal async Task<IReadOnlyList<Task>> BeginAsync(Action<ObjectKey> enqueue, CancellationToken stop)
    {
        var begun = new List<Task>();
        foreach (var key in drift.Due())
        {
            await _free.WaitAsync(stop);
            begun.Add(LookAsync(key, enqueue, stop));
        }

        return begun;
    }

    private async Task LookAsync(ObjectKey key, Action<ObjectKey> enqueue, CancellationToken stop)
    {
        try
        {
            if (await drift.LookAsync(key, stop) is { } window && models.Get(key) is { } model && IsNews(model, window))
            {
                enqueue(key);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            // The others are looked at all the same.
            Log.LookFailed(logger, key, exception);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task RunAsync(Action<ObjectKey> enqueue, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                // Whoever waits for a pod keeps nobody else waiting.
                await BeginAsync(enqueue, stop);
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
