using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Decide;

/// <summary>A pure check of one situation; null when it finds nothing wrong.</summary>
internal delegate Finding? Check(Situation situation);

/// <summary>What Ready means: an ordered list of checks, of which the first finding is the reason that the user reads.</summary>
internal static class Readiness
{
    public static readonly IReadOnlyList<Check> Checks =
        [SpecIsValid, ChildrenAreApplied, DeploymentIsCurrent, EnoughPodsAnswer, ScalerIsThere];

    /// <summary>What keeps pods from coming.</summary>
    private static readonly IReadOnlyList<Check> PodChecks = [PodsAreHealthy, PodsAreCreated, DeadlineIsKept, PodsAreStarted];

    /// <summary>One finding for all of the moments before there is a pod to speak of: each further one would be a write of status for nobody.</summary>
    private static readonly Finding Written = new(Reasons.RollingOut, "The Deployment is written; its pods follow.");

    /// <summary>Null means ready.</summary>
    public static Finding? FirstFinding(Situation situation) => First(Checks, situation);

    /// <summary>Of a model that is ready: why pods do not come that its scaler asks for beyond those that have to answer. Null when they do.</summary>
    public static Finding? Shortfall(Situation situation) => IsScaled(situation) ? First(PodChecks, situation) : null;

    private static Finding? First(IReadOnlyList<Check> checks, Situation situation) =>
        checks.Select(check => check(situation)).FirstOrDefault(finding => finding is not null);

    private static bool IsScaled(Situation situation) => situation.Observed.Model.Spec.Autoscaling is not null;

    private static Finding? SpecIsValid(Situation situation) => situation.Desired.Fault;

    /// <summary>Of a kind that is missing tells whoever needs it.</summary>
    private static Finding? ChildrenAreApplied(Situation situation) =>
        situation.Problems.Where(problem => problem.Kind != ApplyProblemKind.KindMissing && !Monitored.IsOf(problem)).OrderBy(problem => problem.Kind == ApplyProblemKind.Forbidden).FirstOrDefault() is { } problem
            ? new(ReasonOf(problem, situation.Observed.Model), problem.Message)
            : null;

    internal static Reason ReasonOf(ApplyProblem problem, ModelDeployment model) => problem.Kind switch
    {
        ApplyProblemKind.NameTaken => Reasons.ChildNameTaken,
        ApplyProblemKind.FieldContested => Reasons.FieldContested,
        ApplyProblemKind.Invalid when problem.ChildKind == V1Deployment.KubeKind && model.Spec.PodTemplate is { Count: > 0 } => Reasons.InvalidPodTemplate,
        ApplyProblemKind.Invalid => Reasons.ChildRejected,
        ApplyProblemKind.Forbidden => Reasons.Forbidden,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem.Kind, "has no reason"),
    };

    private static Finding? DeploymentIsCurrent(Situation situation)
    {
        var deployment = situation.Observed.Deployment;
        var isCurrent = deployment is not null
            && Observed.RevisionOf(deployment.Spec.Template.Metadata) == situation.Desired.Revision
            && PodTemplatePlan.HashOf(deployment.Metadata) == situation.Desired.Template?.Hash
            && deployment.Spec.Replicas == situation.Desired.Replicas.Wanted
            // Every note of ours on a Deployment is a new generation of it. A template that waits is one that its controller knows.
            && (situation.Desired.Template?.Waits == true || deployment.Status?.ObservedGeneration >= deployment.Metadata.Generation || OnlyTheNumberIsNew(situation));
        return isCurrent ? null : Written;
    }

    /// <summary>
    /// Each number that a scaler sets is a new generation of the Deployment, too. Before its controller has seen that, the ReplicaSets tell whether all
    /// pods are of the template, and enough of them answer.
    /// </summary>
    private static bool OnlyTheNumberIsNew(Situation situation)
    {
        var sets = situation.Observed.ReplicaSets.Where(set => set.Spec.Replicas > 0 || set.Status?.Replicas > 0).ToList();
        return IsScaled(situation)
            && sets.TrueForAll(set => PodTemplatePlan.HashOf(set.Metadata) == situation.Desired.Template?.Hash)
            && sets.Sum(set => set.Status?.AvailableReplicas ?? 0) >= situation.Desired.Replicas.Least;
    }

    /// <summary>A scaler asks for pods all day, and not all can come; the spec is in force all the same.</summary>
    private static Finding? EnoughPodsAnswer(Situation situation)
    {
        var rollout = RolloutIsComplete(situation);
        return rollout is null && IsScaled(situation) ? null : First(PodChecks, situation) ?? rollout;
    }

    private static Finding? PodsAreHealthy(Situation situation) => WorstOfPods(situation) is { Reason.Kind: not ReasonKind.Progress } trouble ? trouble : null;

    /// <summary>Comes after the deadline: what is merely slow must not be so for ever.</summary>
    private static Finding? PodsAreStarted(Situation situation) => WorstOfPods(situation);

    private static Finding? WorstOfPods(Situation situation) => situation.Observed.PodsOf(situation.Desired.Revision)
        .Where(pod => !pod.IsReady())
        .Select(pod => PodTrouble.Find(pod, situation.Observed.Reports.GetValueOrDefault(pod.Metadata.Name), situation.Observed.At))
        .OfType<Finding>()
        .OrderByDescending(finding => finding.Reason.Kind)
        .FirstOrDefault();

    private static Finding? PodsAreCreated(Situation situation)
    {
        var status = situation.Observed.Deployment?.Status;
        return status?.Conditions?.FirstOrDefault(condition => condition is { Type: "ReplicaFailure", Status: "True" }) is { } refused
            && (status.UpdatedReplicas ?? 0) < situation.Desired.Replicas.Wanted
            ? new(Reasons.PodsRefused, $"The API server refuses to create pods: {refused.Message}")
            : null;
    }

    private static Finding? DeadlineIsKept(Situation situation) =>
        situation.Observed.Deployment?.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "Progressing", Reason: "ProgressDeadlineExceeded" }) is { } late
            ? new(Reasons.ProgressDeadlineExceeded, $"The rollout made no progress within spec.rollout.progressDeadline. {late.Message}{(WorstOfPods(situation) is { } slow ? $" {slow.Message}" : "")}")
            : null;

    private static Finding? RolloutIsComplete(Situation situation)
    {
        var replicas = situation.Desired.Replicas;
        var wanted = replicas.Wanted;
        var status = situation.Observed.Deployment!.Status;
        var (updated, available, all) = (status?.UpdatedReplicas ?? 0, status?.AvailableReplicas ?? 0, status?.Replicas ?? 0);
        if (updated == 0 && wanted > 0)
        {
            return Written;
        }

        if (updated < replicas.Least || available < replicas.Least)
        {
            return new(Reasons.RollingOut, $"{updated} of {wanted} pods are of the newest revision, {available} answer requests.");
        }

        var unwanted = all - (IsScaled(situation) ? updated : wanted);
        return unwanted > 0 ? new(Reasons.RollingOut, $"{unwanted} pods that are no longer wanted are leaving.") : null;
    }

    /// <summary>A scaler that reports trouble is in force; one that cannot exist is not.</summary>
    private static Finding? ScalerIsThere(Situation situation) =>
        situation.Observed.Model.Spec.Autoscaling is { Engine: AutoscalingEngines.Keda } scaling ? Autoscaling.Missing(scaling, situation) : null;
}
