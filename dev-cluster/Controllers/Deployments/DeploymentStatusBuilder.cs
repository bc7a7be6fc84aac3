using k8s.Models;
using static Slipway.DevCluster.Controllers.Deployments.DeploymentConditions;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>A Deployment's status from its ReplicaSets.</summary>
internal static class DeploymentStatusBuilder
{
    /// <summary>Counts and the Available condition; the others are carried over.</summary>
    public static V1DeploymentStatus Count(V1Deployment deployment, IReadOnlyList<V1ReplicaSet> all, V1ReplicaSet? newest, DateTime now)
    {
        var available = all.Sum(set => set.Status?.AvailableReplicas ?? 0);
        var replicas = all.Sum(set => set.Status?.Replicas ?? 0);
        var status = new V1DeploymentStatus
        {
            ObservedGeneration = deployment.Metadata.Generation,
            Replicas = NotZero(replicas),
            UpdatedReplicas = NotZero(newest?.Status?.Replicas ?? 0),
            ReadyReplicas = NotZero(all.Sum(set => set.Status?.ReadyReplicas ?? 0)),
            AvailableReplicas = NotZero(available),
            UnavailableReplicas = NotZero(Math.Max(0, all.Sum(set => set.Spec.Replicas ?? 0) - available)),
            TerminatingReplicas = all.Sum(set => set.Status?.TerminatingReplicas ?? 0),
            CollisionCount = deployment.Status?.CollisionCount,
            Conditions = [.. deployment.Status?.Conditions ?? []],
        };
        Set(status, available >= (deployment.Spec.Replicas ?? 1) - Surge.Of(deployment).MaxUnavailable
            ? New(Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
            : New(Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now));
        return status;
    }

    /// <summary>Counts, and how the roll-out goes.</summary>
    public static V1DeploymentStatus Progress(V1Deployment deployment, IReadOnlyList<V1ReplicaSet> all, V1ReplicaSet? newest, DateTime now)
    {
        var status = Count(deployment, all, newest, now);
        if (deployment.Spec.ProgressDeadlineSeconds is null or int.MaxValue)
        {
            Remove(status, Progressing);
        }

        var current = Find(deployment.Status, Progressing);
        var settled = status.Replicas == status.UpdatedReplicas && current?.Reason == NewReplicaSetAvailable;
        if (deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue) && !settled)
        {
            var what = newest is null ? $"Deployment \"{deployment.Metadata.Name}\"" : $"ReplicaSet \"{newest.Metadata.Name}\"";
            if (IsComplete(deployment, status))
            {
                Set(status, New(Progressing, "True", NewReplicaSetAvailable, $"{what} has successfully progressed.", now));
            }
            else if (Moves(deployment.Status, status))
            {
                Replace(status, New(Progressing, "True", "ReplicaSetUpdated", $"{what} is progressing.", now));
            }
            else if (IsTimedOut(deployment, now))
            {
                Set(status, New(Progressing, "False", TimedOut, $"{what} has timed out progressing.", now));
            }
        }

        var failure = all.SelectMany(set => set.Status?.Conditions ?? []).FirstOrDefault(condition => condition.Type == ReplicaFailure);
        Remove(status, ReplicaFailure);
        if (failure is not null)
        {
            status.Conditions.Add(Find(deployment.Status, ReplicaFailure) ?? New(ReplicaFailure, failure.Status, failure.Reason, failure.Message, now));
        }

        return status;
    }

    public static bool IsComplete(V1Deployment deployment, V1DeploymentStatus? status) =>
        (status?.UpdatedReplicas ?? 0) == (deployment.Spec.Replicas ?? 1)
        && (status?.Replicas ?? 0) == (deployment.Spec.Replicas ?? 1)
        && (status?.AvailableReplicas ?? 0) == (deployment.Spec.Replicas ?? 1)
        && status?.ObservedGeneration >= deployment.Metadata.Generation;

    /// <summary>When the deadline strikes unless something moves; null when none runs.</summary>
    public static DateTime? Deadline(V1Deployment deployment, V1DeploymentStatus status) =>
        deployment.Spec.ProgressDeadlineSeconds is { } seconds and not int.MaxValue
        && Find(status, Progressing) is { LastUpdateTime: { } since } current && current.Reason is not (NewReplicaSetAvailable or TimedOut or Paused)
            ? since.AddSeconds(seconds)
            : null;

    private static bool IsTimedOut(V1Deployment deployment, DateTime now) =>
        Find(deployment.Status, Progressing)?.Reason == TimedOut
        || (deployment.Status is { } status && Deadline(deployment, status) is { } deadline && now > deadline);

    private static bool Moves(V1DeploymentStatus? old, V1DeploymentStatus next) =>
        (next.UpdatedReplicas ?? 0) > (old?.UpdatedReplicas ?? 0)
        || (next.Replicas ?? 0) - (next.UpdatedReplicas ?? 0) < (old?.Replicas ?? 0) - (old?.UpdatedReplicas ?? 0)
        || (next.ReadyReplicas ?? 0) > (old?.ReadyReplicas ?? 0)
        || (next.AvailableReplicas ?? 0) > (old?.AvailableReplicas ?? 0);

    private static int? NotZero(int count) => count == 0 ? null : count;
}
