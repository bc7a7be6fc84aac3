using k8s.Models;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>Types, reasons and the rules by which a Deployment's conditions move.</summary>
internal static class DeploymentConditions
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";

    public const string NewReplicaSetAvailable = "NewReplicaSetAvailable";
    public const string TimedOut = "ProgressDeadlineExceeded";
    public const string Paused = "DeploymentPaused";
    public const string Resumed = "DeploymentResumed";

    public static V1DeploymentCondition? Find(V1DeploymentStatus? status, string type) => status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    public static V1DeploymentCondition New(string type, string status, string reason, string message, DateTime now) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastUpdateTime = now, LastTransitionTime = now };

    /// <summary>Puts a condition last; one of the same status and reason stays as it is.</summary>
    public static void Set(V1DeploymentStatus status, V1DeploymentCondition condition)
    {
        var current = Find(status, condition.Type);
        if (current?.Status == condition.Status && current.Reason == condition.Reason)
        {
            return;
        }

        Replace(status, condition);
    }

    /// <summary>Puts a condition last, whatever was there; the transition time moves only with the status.</summary>
    public static void Replace(V1DeploymentStatus status, V1DeploymentCondition condition)
    {
        if (Find(status, condition.Type) is { } current && current.Status == condition.Status)
        {
            condition.LastTransitionTime = current.LastTransitionTime;
        }

        Remove(status, condition.Type);
        status.Conditions.Add(condition);
    }

    public static void Remove(V1DeploymentStatus status, string type) =>
        status.Conditions = [.. (status.Conditions ?? []).Where(condition => condition.Type != type)];
}
