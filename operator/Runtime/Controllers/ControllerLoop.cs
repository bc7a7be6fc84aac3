using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>The settled wiring of one controller.</summary>
/// <param name="Name">Unique in a host; the label of its metrics.</param>
/// <param name="Workers">Entities that are reconciled at the same time.</param>
/// <param name="ResyncPeriod">Every entity comes back after this time; zero means never.</param>
internal sealed record ControllerSettings(string Name, int Workers, TimeSpan ResyncPeriod);

/// <summary>Changes in, reconciles out: sources fill the queue, workers empty it.</summary>
internal sealed class ControllerLoop<TEntity>(
    ControllerSettings settings,
    IEntityController<TEntity> controller,
    IObjectStore<TEntity> store,
    OwnWrites writes,
    IReadOnlyList<IKeySource> sources,
    RuntimeMetrics metrics,
    TimeProvider clock,
    ILogger logger) : IControllerLoop
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly QueueMetrics _queueMetrics = metrics.ForQueue(settings.Name);
    private readonly ControllerMetrics _metrics = metrics.ForController(settings.Name, settings.Workers);

    public string Name => settings.Name;

    public async Task RunAsync(CancellationToken stopTaking, CancellationToken cancelRunning)
    {
        using var queue = new WorkQueue<ObjectKey>(clock, _queueMetrics);
        var step = new ReconcileStep<TEntity>(controller, store, writes, queue, _metrics, clock, logger);
        // Attaching replays the whole cache, so every entity is reconciled once at the start.
        var attached = sources.Select(source => source.Attach(queue.Add)).ToList();
        try
        {
            Log.ControllerStarted(logger, settings.Name, settings.Workers);
            var workers = Enumerable.Range(0, settings.Workers)
                .Select(_ => Task.Run(() => WorkAsync(queue, step, stopTaking, cancelRunning), CancellationToken.None));
            await Task.WhenAll([.. workers, ResyncAsync(queue, stopTaking)]);
        }
        finally
        {
            attached.ForEach(source => source.Dispose());
        }
    }

    private static async Task WorkAsync(
        WorkQueue<ObjectKey> queue, ReconcileStep<TEntity> step, CancellationToken stopTaking, CancellationToken cancelRunning)
    {
        while (!stopTaking.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await queue.TakeAsync(stopTaking);
            }
            catch (OperationCanceledException) when (stopTaking.IsCancellationRequested)
            {
                return;
            }

            await step.RunAsync(key, cancelRunning);
        }
    }

    private async Task ResyncAsync(WorkQueue<ObjectKey> queue, CancellationToken stopTaking)
    {
        if (settings.ResyncPeriod == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(settings.ResyncPeriod, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopTaking))
            {
                foreach (var entity in store.List())
                {
                    queue.Add(entity.Key());
                }
            }
        }
        catch (OperationCanceledException) when (stopTaking.IsCancellationRequested)
        {
            return;
        }
    }
}
