using k8s.Models;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>What a Job is to do next, and what its status says.</summary>
internal sealed record JobPlan
{
    private const string Deadline = "DeadlineExceeded";

    public required V1JobStatus Status { get; init; }

    /// <summary>Pods to make.</summary>
    public int Create { get; init; }

    /// <summary>Pods to delete.</summary>
    public IReadOnlyList<V1Pod> Delete { get; init; } = [];

    /// <summary>Pods to let go, once the status is written.</summary>
    public IReadOnlyList<V1Pod> Release { get; init; } = [];

    /// <summary>The Job has been finished for as long as it may stay.</summary>
    public bool IsExpired { get; init; }

    /// <summary>When time alone changes something; null for never.</summary>
    public TimeSpan? Wait { get; init; }

    /// <param name="job">With the status before.</param>
    /// <param name="pods">All pods that it controls.</param>
    /// <param name="now">The present.</param>
    public static JobPlan Of(V1Job job, IReadOnlyList<V1Pod> pods, DateTime now)
    {
        var conditions = new JobConditions(job.Status?.Conditions, now);
        var suspended = job.Spec.Suspend == true;
        var counts = JobCounts.Of(job.Status, pods, countsDeleted: !suspended && !conditions.Hold(JobConditions.SuccessCriteriaMet));
        var active = pods.Where(pod => pod.IsActive()).ToList();
        DateTime? started = suspended ? null : job.Status?.StartTime ?? now;
        var left = started + (job.Spec.ActiveDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null) - now;
        var isOver = conditions.Hold(JobConditions.Complete) || conditions.Hold(JobConditions.Failed);
        if (!isOver)
        {
            Judge(job, counts, active, left, conditions);
            conditions.Suspend(suspended);
        }

        var ending = conditions.Hold(JobConditions.SuccessCriteriaMet) || conditions.Hold(JobConditions.FailureTarget);
        var terminating = pods.Count(pod => pod.IsTerminating() && !pod.IsFinished());
        if (!isOver && ending && active.Count == 0 && terminating == 0 && counts.IsSettled)
        {
            Finish(conditions);
        }

        var plan = new JobPlan
        {
            Status = new()
            {
                Active = active.Count == 0 ? null : active.Count,
                Ready = active.Count(pod => pod.IsReady()),
                Terminating = terminating,
                Succeeded = counts.Succeeded == 0 ? null : counts.Succeeded,
                Failed = counts.Failed == 0 ? null : counts.Failed,
                UncountedTerminatedPods = new()
                {
                    Succeeded = counts.SucceededUids.Count == 0 ? null : [.. counts.SucceededUids],
                    Failed = counts.FailedUids.Count == 0 ? null : [.. counts.FailedUids],
                },
                StartTime = isOver ? job.Status?.StartTime : started,
                CompletionTime = job.Status?.CompletionTime ?? conditions.Find(JobConditions.Complete)?.LastTransitionTime,
                Conditions = conditions.All,
            },
            Release = [.. pods.Where(pod => pod.IsTracked() && (pod.IsTerminating() || pod.IsFinished()))],
        };
        return isOver ? plan.Expire(job, now)
            : ending || suspended ? plan with { Delete = active }
            : plan.Fill(job, pods, active, counts, now, left);
    }

    /// <summary>Whether the Job has got what it wants, or will not get it.</summary>
    private static void Judge(V1Job job, JobCounts counts, List<V1Pod> active, TimeSpan? left, JobConditions conditions)
    {
        if (conditions.Hold(JobConditions.FailureTarget) || conditions.Hold(JobConditions.SuccessCriteriaMet))
        {
            return;
        }

        var limit = job.Spec.BackoffLimit ?? 6;
        var restarts = job.Spec.Template.Spec.RestartPolicy == "OnFailure"
            ? active.Sum(pod => (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Sum(container => container.RestartCount))
            : 0;
        if (counts.AllFailed > limit || (restarts > 0 && restarts >= limit))
        {
            conditions.Fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        else if (left <= TimeSpan.Zero)
        {
            conditions.Fail(Deadline, "Job was active longer than specified deadline");
        }
        else if (job.Spec.Completions is { } completions ? counts.AllSucceeded >= completions : counts.AllSucceeded > 0 && active.Count == 0)
        {
            conditions.Succeed(JobConditions.SuccessCriteriaMet);
        }
    }

    private static void Finish(JobConditions conditions)
    {
        if (conditions.Hold(JobConditions.FailureTarget))
        {
            conditions.FailForGood();
        }
        else
        {
            conditions.Succeed(JobConditions.Complete);
        }
    }

    /// <summary>As many pods as run at once and are still needed; of a queue of work that one has finished, no more.</summary>
    private JobPlan Fill(V1Job job, IReadOnlyList<V1Pod> pods, List<V1Pod> active, JobCounts counts, DateTime now, TimeSpan? left)
    {
        var parallelism = job.Spec.Parallelism ?? 1;
        var wanted = job.Spec.Completions is { } completions ? Math.Min(parallelism, completions - counts.AllSucceeded)
            : counts.AllSucceeded > 0 ? Math.Min(parallelism, active.Count)
            : parallelism;
        if (wanted <= active.Count)
        {
            return this with { Delete = [.. active.OrderBy(pod => pod.IsReady()).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(active.Count - wanted)], Wait = left };
        }

        var backoff = JobBackoff.Left(pods, now);
        return backoff > TimeSpan.Zero ? this with { Wait = left < backoff ? left : backoff } : this with { Create = wanted - active.Count, Wait = left };
    }

    private JobPlan Expire(V1Job job, DateTime now)
    {
        if (job.Spec.TtlSecondsAfterFinished is not { } seconds)
        {
            return this;
        }

        var finished = Status.Conditions.First(condition => condition.Status == "True" && condition.Type is JobConditions.Complete or JobConditions.Failed).LastTransitionTime ?? now;
        var left = finished + TimeSpan.FromSeconds(seconds) - now;
        return left <= TimeSpan.Zero ? this with { IsExpired = true } : this with { Wait = left };
    }
}
