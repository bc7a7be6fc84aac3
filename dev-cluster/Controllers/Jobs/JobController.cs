using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>Runs pods until enough of them have succeeded, or too many have failed.</summary>
internal sealed class JobController(IKubernetes api, IObjectStore<V1Pod> pods, IEventRecorder events, TimeProvider clock) : IEntityController<V1Job>
{
    private readonly PodWriter _writer = new(api, events, clock);

    public async Task<Result> ReconcileAsync(V1Job entity, CancellationToken cancellationToken)
    {
        var all = pods.List().Where(pod => pod.Metadata.NamespaceProperty == entity.Metadata.NamespaceProperty).ToList();
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return Result.Done;
        }

        if (!_writer.IsShown(entity, all))
        {
            return Result.After(PodWriter.ExpectationCheck);
        }

        var plan = JobPlan.Of(entity, [.. all.Where(pod => Owner.Controls(entity, pod))], clock.GetUtcNow().UtcDateTime);
        if (plan.IsExpired)
        {
            await ApiWrite.UnlessGone(api.BatchV1.DeleteNamespacedJobAsync(
                entity.Metadata.Name,
                entity.Metadata.NamespaceProperty,
                new V1DeleteOptions { PropagationPolicy = "Foreground", Preconditions = new() { Uid = entity.Metadata.Uid } },
                cancellationToken: cancellationToken));
            return Result.Done;
        }

        await WriteStatusAsync(entity, plan.Status, cancellationToken);
        foreach (var pod in plan.Release)
        {
            await JobPodReleaser.ReleaseAsync(api, pod, cancellationToken);
        }

        foreach (var pod in plan.Delete)
        {
            await _writer.DeleteAsync(entity, pod, cancellationToken);
        }

        for (var made = 0; made < Math.Min(plan.Create, PodWriter.Burst); made++)
        {
            await CreateAsync(entity, cancellationToken);
        }

        return plan.Wait is { } wait ? Result.After(wait) : Result.Done;
    }

    private async Task CreateAsync(V1Job job, CancellationToken cancellationToken)
    {
        var template = job.Spec.Template;
        try
        {
            await _writer.CreateAsync(job, template, [.. template.Metadata?.Finalizers ?? [], JobPods.Finalizer], cancellationToken);
        }
        catch (HttpOperationException exception)
        {
            events.Warning(job, "FailedCreate", $"Error creating: {exception.Response.Content}");
            throw new ConflictException($"a pod of {job.Key()} could not be made: {exception.Response.Content}", exception);
        }
    }

    private async Task WriteStatusAsync(V1Job job, V1JobStatus status, CancellationToken cancellationToken)
    {
        if (Json.Same(status, job.Status))
        {
            return;
        }

        await ApiWrite.Of(api.BatchV1.ReplaceNamespacedJobStatusAsync(
            new() { ApiVersion = job.ApiVersion, Kind = job.Kind, Metadata = job.Metadata, Spec = job.Spec, Status = status },
            job.Metadata.Name,
            job.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken));
        foreach (var condition in status.Conditions ?? [])
        {
            if (job.Status?.Conditions?.Any(before => before.Type == condition.Type && before.Status == condition.Status) != true)
            {
                Tell(job, condition);
            }
        }
    }

    private void Tell(V1Job job, V1JobCondition condition)
    {
        switch (condition.Type, condition.Status)
        {
            case (JobConditions.Complete, "True"):
                events.Normal(job, "Completed", "Job completed");
                break;
            case (JobConditions.Failed, "True"):
                events.Warning(job, condition.Reason, condition.Message);
                break;
            case (JobConditions.Suspended, "True"):
                events.Normal(job, "Suspended", condition.Message);
                break;
            case (JobConditions.Suspended, "False"):
                events.Normal(job, "Resumed", condition.Message);
                break;
        }
    }
}
