using System.Globalization;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>Rolls pod templates out: one ReplicaSet for each, sized step by step as the strategy allows.</summary>
internal sealed class DeploymentController(
    IKubernetes api, IObjectStore<V1ReplicaSet> sets, IObjectStore<V1Pod> pods, ReplicaSetWriter writer, TimeProvider clock) : IEntityController<V1Deployment>
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    public async Task<Result> ReconcileAsync(V1Deployment entity, CancellationToken cancellationToken)
    {
        var deployment = KubernetesJson.Deserialize<V1Deployment>(KubernetesJson.Serialize(entity));
        var all = await ClaimAsync(deployment, cancellationToken);
        var newest = all.Where(set => PodTemplates.Same(set.Spec.Template, deployment.Spec.Template)).MinBy(set => set.Metadata.CreationTimestamp);
        var old = all.Where(set => set != newest).ToList();
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return await WriteStatusAsync(deployment, DeploymentStatusBuilder.Count(deployment, all, newest, Now), cancellationToken);
        }

        deployment = await NotePauseAsync(deployment, cancellationToken);
        if (deployment.Spec.Paused == true || IsScaled(deployment, all))
        {
            return await ScaleAsync(deployment, newest, old, cancellationToken);
        }

        return deployment.Spec.Strategy?.Type == "Recreate"
            ? await RecreateAsync(deployment, newest, old, cancellationToken)
            : await RollAsync(deployment, newest, old, cancellationToken);
    }

    private async Task<List<V1ReplicaSet>> ClaimAsync(V1Deployment deployment, CancellationToken cancellationToken)
    {
        var claimed = new List<V1ReplicaSet>();
        foreach (var set in sets.List().Where(set => set.Metadata.NamespaceProperty == deployment.Metadata.NamespaceProperty))
        {
            var matches = deployment.Spec.Selector.Matches(set.Metadata.Labels);
            if (Owner.Controls(deployment, set))
            {
                if (matches)
                {
                    claimed.Add(set);
                }
                else
                {
                    await writer.PatchAsync(set, Owner.Release(deployment, set), cancellationToken);
                }
            }
            else if (matches && set.ControllerReference() is null && set.Metadata.DeletionTimestamp is null && deployment.Metadata.DeletionTimestamp is null)
            {
                claimed.Add(await writer.PatchAsync(set, Owner.Adopt(deployment, set), cancellationToken));
            }
        }

        return claimed;
    }

    /// <summary>Says in the Progressing condition that the roll-out is paused or goes on.</summary>
    private async Task<V1Deployment> NotePauseAsync(V1Deployment deployment, CancellationToken cancellationToken)
    {
        var current = DeploymentConditions.Find(deployment.Status, DeploymentConditions.Progressing)?.Reason;
        var paused = deployment.Spec.Paused == true;
        if (deployment.Spec.ProgressDeadlineSeconds is null or int.MaxValue
            || current == DeploymentConditions.TimedOut
            || paused == (current == DeploymentConditions.Paused))
        {
            return deployment;
        }

        deployment.Status ??= new();
        DeploymentConditions.Set(deployment.Status, paused
            ? DeploymentConditions.New(DeploymentConditions.Progressing, "Unknown", DeploymentConditions.Paused, "Deployment is paused", Now)
            : DeploymentConditions.New(DeploymentConditions.Progressing, "Unknown", DeploymentConditions.Resumed, "Deployment is resumed", Now));
        return await PutStatusAsync(deployment, cancellationToken);
    }

    private static bool IsScaled(V1Deployment deployment, List<V1ReplicaSet> all) => all.Exists(set =>
        set.Spec.Replicas > 0
        && set.Metadata.Annotations?.TryGetValue(Revisions.DesiredReplicas, out var desired) == true
        && desired != (deployment.Spec.Replicas ?? 1).ToString(CultureInfo.InvariantCulture));

    private async Task<Result> ScaleAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken cancellationToken)
    {
        if (newest is not null)
        {
            (deployment, newest) = await SyncRevisionAsync(deployment, newest, old, cancellationToken);
        }

        var scaled = newest is null ? old : [.. old, newest];
        foreach (var (set, size) in RolloutPlan.Scale(deployment, newest, old))
        {
            scaled[scaled.IndexOf(set)] = await writer.ScaleAsync(deployment, set, size, cancellationToken);
        }

        foreach (var set in scaled.Where(set => set.Spec.Replicas > 0).ToList())
        {
            // The note of the size tells the next pass that this change of size is done.
            await writer.ScaleAsync(deployment, set, set.Spec.Replicas ?? 0, cancellationToken);
        }

        if (deployment.Spec.Paused == true)
        {
            await CleanUpAsync(deployment, old, cancellationToken);
        }

        return await WriteStatusAsync(deployment, DeploymentStatusBuilder.Count(deployment, scaled, newest, Now), cancellationToken);
    }

    private async Task<Result> RollAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken cancellationToken)
    {
        (deployment, var current) = await SyncRevisionAsync(deployment, newest, old, cancellationToken);
        var steps = RolloutPlan.RollingUpdate(deployment, current, old);
        foreach (var (set, size) in steps)
        {
            await writer.ScaleAsync(deployment, set, size, cancellationToken);
        }

        return await FinishAsync(deployment, current, old, steps.Count == 0, cancellationToken);
    }

    private async Task<Result> RecreateAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken cancellationToken)
    {
        var active = old.Where(set => set.Spec.Replicas > 0).ToList();
        foreach (var set in active)
        {
            await writer.ScaleAsync(deployment, set, 0, cancellationToken);
        }

        if (active.Count > 0 || old.Exists(set => pods.OwnedBy(set.Metadata.Uid).Any(pod => !pod.IsFinished())))
        {
            return await FinishAsync(deployment, newest, old, settled: false, cancellationToken);
        }

        (deployment, var current) = await SyncRevisionAsync(deployment, newest, old, cancellationToken);
        var scaled = await writer.ScaleAsync(deployment, current, deployment.Spec.Replicas ?? 1, cancellationToken);
        return await FinishAsync(deployment, scaled, old, settled: true, cancellationToken);
    }

    private async Task<Result> FinishAsync(V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, bool settled, CancellationToken cancellationToken)
    {
        if (settled && DeploymentStatusBuilder.IsComplete(deployment, deployment.Status))
        {
            await CleanUpAsync(deployment, old, cancellationToken);
        }

        return await WriteStatusAsync(deployment, DeploymentStatusBuilder.Progress(deployment, newest is null ? old : [.. old, newest], newest, Now), cancellationToken);
    }

    /// <summary>Makes the ReplicaSet of the current template, or gives an existing one the newest revision; the Deployment repeats its number.</summary>
    private async Task<(V1Deployment Deployment, V1ReplicaSet Newest)> SyncRevisionAsync(
        V1Deployment deployment, V1ReplicaSet? newest, List<V1ReplicaSet> old, CancellationToken cancellationToken)
    {
        var revision = old.Select(set => Revisions.Of(set.Metadata)).DefaultIfEmpty().Max() + 1;
        var made = newest is null;
        newest = newest is null
            ? await writer.CreateAsync(deployment, old, revision, cancellationToken)
            : await writer.UpdateAsync(newest, Revisions.Annotations(deployment, newest, revision), newest.Spec.Replicas ?? 1, deployment.Spec.MinReadySeconds, cancellationToken);
        var changed = Revisions.Of(deployment.Metadata) != Revisions.Of(newest.Metadata);
        if (changed)
        {
            deployment.Metadata.Annotations = new Dictionary<string, string>(deployment.Metadata.Annotations ?? new Dictionary<string, string>())
            {
                [Revisions.Revision] = Revisions.Of(newest.Metadata).ToString(CultureInfo.InvariantCulture),
            };
        }

        if (deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue)
            && (made || DeploymentConditions.Find(deployment.Status, DeploymentConditions.Progressing) is null))
        {
            deployment.Status ??= new();
            DeploymentConditions.Set(deployment.Status, made
                ? DeploymentConditions.New(DeploymentConditions.Progressing, "True", "NewReplicaSetCreated", $"Created new replica set \"{newest.Metadata.Name}\"", Now)
                : DeploymentConditions.New(DeploymentConditions.Progressing, "True", "FoundNewReplicaSet", $"Found new replica set \"{newest.Metadata.Name}\"", Now));
            changed = true;
        }

        return (changed ? await PutStatusAsync(deployment, cancellationToken) : deployment, newest);
    }

    private async Task CleanUpAsync(V1Deployment deployment, List<V1ReplicaSet> old, CancellationToken cancellationToken)
    {
        var kept = old.Where(set => set.Metadata.DeletionTimestamp is null).OrderBy(set => Revisions.Of(set.Metadata)).ToList();
        foreach (var set in kept.Take(kept.Count - (deployment.Spec.RevisionHistoryLimit ?? 10))
            .Where(set => set.Spec.Replicas == 0 && (set.Status?.Replicas ?? 0) == 0 && set.Status?.ObservedGeneration >= set.Metadata.Generation))
        {
            await writer.DeleteAsync(set, cancellationToken);
        }
    }

    private async Task<Result> WriteStatusAsync(V1Deployment deployment, V1DeploymentStatus status, CancellationToken cancellationToken)
    {
        if (!Json.Same(status, deployment.Status))
        {
            deployment.Status = status;
            await PutStatusAsync(deployment, cancellationToken);
        }

        return DeploymentStatusBuilder.Deadline(deployment, status) is { } deadline
            ? Result.After(TimeSpan.FromSeconds(Math.Max(1, (deadline - Now).TotalSeconds + 1)))
            : Result.Done;
    }

    private Task<V1Deployment> PutStatusAsync(V1Deployment deployment, CancellationToken cancellationToken) => ApiWrite.Of(
        api.AppsV1.ReplaceNamespacedDeploymentStatusAsync(
            deployment, deployment.Metadata.Name, deployment.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
}
