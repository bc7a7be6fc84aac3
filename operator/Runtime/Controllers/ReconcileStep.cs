using System.Diagnostics;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>
/// All retry policy. One key, taken from the queue: what is done with it, and when it comes back. Nothing that a reconcile does can
/// escape from here, so one key never stops the loop.
/// </summary>
internal sealed class ReconcileStep<TEntity>(
    IEntityController<TEntity> controller,
    IObjectStore<TEntity> store,
    OwnWrites writes,
    WorkQueue<ObjectKey> queue,
    ControllerMetrics metrics,
    TimeProvider clock,
    ILogger logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly string _resource = ResourceKind.Of<TEntity>().Resource;
    private long _reconciles;

    public async Task RunAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(key, cancellationToken);
        }
        finally
        {
            queue.Done(key);
        }
    }

    private async Task<Result> ActAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (store.Get(key) is { } cached)
        {
            return await controller.ReconcileAsync(writes.Newest(new(_resource, key), cached), cancellationToken);
        }

        await controller.DeletedAsync(key, cancellationToken);
        return Result.Done;
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _reconciles);
        using var scope = logger.BeginScope(new ReconcileScope(key, id));
        using var span = RuntimeTraces.Reconcile(_resource, key, id);
        var started = clock.GetTimestamp();
        metrics.Started();
        var result = ReconcileResult.Error;
        try
        {
            result = Succeeded(key, await ActAsync(key, cancellationToken));
        }
        catch (TerminalException exception)
        {
            result = ReconcileResult.Terminal;
            queue.Forget(key);
            Log.ReconcileTerminal(logger, key, exception.Message);
        }
        catch (ConflictException exception)
        {
            result = ReconcileResult.Requeue;
            queue.AddWithBackoff(key);
            Log.ReconcileConflict(logger, key, exception.Message);
        }
        catch (NotLeaderException exception)
        {
            // Whoever leads now reconciles it; this process is about to end, and has said why.
            result = ReconcileResult.Requeue;
            queue.Forget(key);
            Log.ReconcileNotLeading(logger, key, exception.Message);
        }
        catch (Exception exception)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                // Cut short by the stop, which is no fault of its own: the next start reconciles it.
                result = ReconcileResult.Requeue;
            }
            else
            {
                span?.SetStatus(ActivityStatusCode.Error, exception.Message);
                Log.ReconcileFailed(logger, key, queue.AddWithBackoff(key), exception);
            }
        }
        finally
        {
            var elapsed = clock.GetElapsedTime(started);
            metrics.Ended(result, elapsed);
            span?.SetTag("reconcile.result", result.ToString());
            Log.Reconciled(logger, key, elapsed.TotalSeconds);
        }
    }

    private ReconcileResult Succeeded(ObjectKey key, Result result)
    {
        queue.Forget(key);
        if (result.RequeueAfter is not { } delay)
        {
            return ReconcileResult.Success;
        }

        queue.AddAfter(key, delay);
        return ReconcileResult.RequeueAfter;
    }
}
