using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>The whole loop, as a table of contents: observe, desire, apply, decide, report. Each line is one folder.</summary>
internal sealed class ModelDeploymentController(
    Observer observer,
    IObjectApplier applier,
    IStatusWriter statusWriter,
    Announcer announcer,
    UpgradeQueue upgrades,
    DriftReader drift,
    OperatorOptions options,
    TimeProvider clock,
    ILogger<ModelDeploymentController> logger) : IEntityController<ModelDeployment>
{
    public async Task<Result> ReconcileAsync(ModelDeployment entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            Forget(entity.Key());
            return Result.Done;
        }

        try
        {
            return await BringAboutAsync(entity, cancellationToken);
        }
        catch (Exception exception) when (exception is not (ConflictException or NotLeaderException) && !cancellationToken.IsCancellationRequested)
        {
            // It has not come to report where it stands, and a turn that nobody hears of any more would hold up everybody in silence.
            if (upgrades.HasTurn(entity.Key()))
            {
                upgrades.Report(entity.Key(), UpgradeStep.Failed);
            }

            throw;
        }
    }

    public Task DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Forget(key);
        return Task.CompletedTask;
    }

    private async Task<Result> BringAboutAsync(ModelDeployment entity, CancellationToken cancellationToken)
    {
        var observed = await observer.ObserveAsync(entity, cancellationToken);
        var desired = Desired.For(observed, new(options.ServerImage, options.PrometheusUrl, options.PodNamespace) { Restrictions = options.Restrictions, RunbookUrl = options.RunbookUrl });
        var applied = await ApplyAsync(entity, desired, cancellationToken);
        var decision = Decision.Make(new(observed, desired, applied.Problems), clock.GetUtcNow());
        announcer.Prepare(entity, decision.Announcement);
        await statusWriter.WriteAsync(entity, decision.Status, cancellationToken);
        announcer.Written(entity, decision.Announcement);
        Log.Reconciled(logger, decision.Status.Conditions[0].Status, decision.Status.Conditions[0].Reason);
        upgrades.Report(entity.Key(), decision.Upgrade, decision.IsReady);
        return Sooner(applied.RetryAfter, decision.CheckAgain) is { } delay ? Result.After(delay) : Result.Done;
    }

    /// <summary>With a fault in the spec the children stay as they are: what serves goes on serving.</summary>
    private async Task<ApplyResult> ApplyAsync(ModelDeployment entity, Desired desired, CancellationToken cancellationToken)
    {
        if (desired.Fault is not null)
        {
            return new([], 0, 0);
        }

        if (desired.Replicas.HandOver)
        {
            await applier.HandOverAsync<ModelDeployment, V1Deployment>(entity, entity.Key(), ["spec", "replicas"], ReplicaPlan.Manager, cancellationToken);
        }

        return await applier.ApplyAsync(entity, desired.Children, cancellationToken);
    }

    /// <summary>Null when both are.</summary>
    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one < other ? one : other ?? one;

    private void Forget(ObjectKey key)
    {
        upgrades.Report(key, UpgradeStep.None);
        announcer.Forget(key);
        drift.Forget(key);
    }
}
