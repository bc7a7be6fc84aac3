using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a ReplicaSet wants: adopts, releases, makes and deletes them, and counts them.</summary>
internal sealed class ReplicaSetController(IKubernetes api, IObjectStore<V1Pod> pods, IEventRecorder events, TimeProvider clock) : IEntityController<V1ReplicaSet>
{
    /// <summary>Pods that one pass makes or deletes at most.</summary>
    private const int Burst = 500;
    private const int Parallel = 16;
    private static readonly TimeSpan ExpectationCheck = TimeSpan.FromSeconds(5);

    private readonly PodExpectations _expectations = new(clock);

    public async Task<Result> ReconcileAsync(V1ReplicaSet entity, CancellationToken cancellationToken)
    {
        var all = pods.List().Where(pod => pod.Metadata.NamespaceProperty == entity.Metadata.NamespaceProperty).ToList();
        if (!_expectations.Fulfilled(entity.Metadata.Uid, all))
        {
            return Result.After(ExpectationCheck);
        }

        var claimed = await ClaimAsync(entity, all, cancellationToken);
        (string, string)? failure = null;
        try
        {
            if (entity.Metadata.DeletionTimestamp is null)
            {
                await ScaleAsync(entity, [.. claimed.Where(pod => pod.IsActive())], cancellationToken);
            }
        }
        catch (HttpOperationException exception)
        {
            failure = ("FailedCreate", exception.Response.Content);
            events.Warning(entity, "FailedCreate", $"Error creating: {exception.Response.Content}");
        }

        await WriteStatusAsync(entity, claimed, failure, cancellationToken);
        return failure is null ? MinReadyLeft(entity, claimed) : throw new ConflictException($"pods of {entity.Key()} could not be made: {failure}");
    }

    private async Task<List<V1Pod>> ClaimAsync(V1ReplicaSet set, List<V1Pod> all, CancellationToken cancellationToken)
    {
        var claimed = new List<V1Pod>();
        foreach (var pod in all)
        {
            var matches = set.Spec.Selector.Matches(pod.Metadata.Labels);
            if (Owner.Controls(set, pod))
            {
                if (matches)
                {
                    claimed.Add(pod);
                }
                else if (!pod.IsTerminating())
                {
                    await PatchAsync(pod, Owner.Release(set, pod), cancellationToken);
                }
            }
            else if (matches && pod.ControllerReference() is null && pod.IsActive() && set.Metadata.DeletionTimestamp is null)
            {
                claimed.Add(await PatchAsync(pod, Owner.Adopt(set, pod), cancellationToken));
            }
        }

        return claimed;
    }

    private Task<V1Pod> PatchAsync(V1Pod pod, V1Patch patch, CancellationToken cancellationToken) => ApiWrite.Of(
        api.CoreV1.PatchNamespacedPodAsync(patch, pod.Metadata.Name, pod.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));

    private async Task ScaleAsync(V1ReplicaSet set, List<V1Pod> active, CancellationToken cancellationToken)
    {
        var missing = (set.Spec.Replicas ?? 1) - active.Count;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
        if (missing > 0)
        {
            // One first: when pods are refused, one refusal is enough.
            await CreateAsync(set, cancellationToken);
            await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, Math.Min(missing, Burst) - 1), options, async (_, token) => await CreateAsync(set, token));
        }
        else if (missing < 0)
        {
            var surplus = PodRanking.LeastMissedFirst(active).Take(Math.Min(-missing, Burst)).ToList();
            await System.Threading.Tasks.Parallel.ForEachAsync(surplus, options, async (pod, token) => await DeleteAsync(set, pod, token));
        }
    }

    private async Task CreateAsync(V1ReplicaSet set, CancellationToken cancellationToken)
    {
        var template = set.Spec.Template;
        var pod = await api.CoreV1.CreateNamespacedPodAsync(
            new()
            {
                ApiVersion = "v1",
                Kind = "Pod",
                Metadata = new()
                {
                    GenerateName = $"{set.Metadata.Name}-",
                    Labels = template.Metadata?.Labels,
                    Annotations = template.Metadata?.Annotations,
                    Finalizers = template.Metadata?.Finalizers,
                    OwnerReferences = [Owner.Reference(set)],
                },
                Spec = template.Spec,
            },
            set.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken);
        _expectations.Created(set.Metadata.Uid, pod.Metadata.Uid);
        events.Normal(set, "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
    }

    private async Task DeleteAsync(V1ReplicaSet set, V1Pod pod, CancellationToken cancellationToken)
    {
        await ApiWrite.Deletion(api.CoreV1.DeleteNamespacedPodAsync(
            pod.Metadata.Name,
            pod.Metadata.NamespaceProperty,
            new V1DeleteOptions { Preconditions = new() { Uid = pod.Metadata.Uid } },
            cancellationToken: cancellationToken));
        _expectations.Deleted(set.Metadata.Uid, pod.Metadata.Uid);
        events.Normal(set, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
    }

    private async Task WriteStatusAsync(V1ReplicaSet set, List<V1Pod> claimed, (string, string)? failure, CancellationToken cancellationToken)
    {
        var status = ReplicaSetStatusBuilder.Build(set, claimed, failure, clock.GetUtcNow().UtcDateTime);
        if (!Json.Same(status, set.Status))
        {
            await ApiWrite.Of(api.AppsV1.ReplaceNamespacedReplicaSetStatusAsync(
                new() { ApiVersion = set.ApiVersion, Kind = set.Kind, Metadata = set.Metadata, Spec = set.Spec, Status = status },
                set.Metadata.Name,
                set.Metadata.NamespaceProperty,
                fieldManager: ApiWrite.Controllers,
                cancellationToken: cancellationToken));
        }
    }

    /// <summary>Ready pods become available by time alone.</summary>
    private Result MinReadyLeft(V1ReplicaSet set, List<V1Pod> claimed)
    {
        var minReady = TimeSpan.FromSeconds(set.Spec.MinReadySeconds ?? 0);
        var now = clock.GetUtcNow().UtcDateTime;
        return claimed.Exists(pod => pod.IsActive() && pod.IsReady() && !pod.IsAvailable(minReady, now)) ? Result.After(TimeSpan.FromSeconds(1)) : Result.Done;
    }
}
