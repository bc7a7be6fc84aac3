using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a ReplicaSet wants: adopts, releases, makes and deletes them, and counts them.</summary>
internal sealed class ReplicaSetController(IKubernetes api, IObjectStore<V1Pod> pods, IEventRecorder events, TimeProvider clock) : IEntityController<V1ReplicaSet>
{
    private const int Parallel = 16;

    private readonly PodWriter _writer = new(api, events, clock);

    public async Task<Result> ReconcileAsync(V1ReplicaSet entity, CancellationToken cancellationToken)
    {
        var all = pods.List().Where(pod => pod.Metadata.NamespaceProperty == entity.Metadata.NamespaceProperty).ToList();
        if (!_writer.IsShown(entity, all))
        {
            return Result.After(PodWriter.ExpectationCheck);
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
            await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, Math.Min(missing, PodWriter.Burst) - 1), options, async (_, token) => await CreateAsync(set, token));
        }
        else if (missing < 0)
        {
            var surplus = PodRanking.LeastMissedFirst(active).Take(Math.Min(-missing, PodWriter.Burst)).ToList();
            await System.Threading.Tasks.Parallel.ForEachAsync(surplus, options, async (pod, token) => await _writer.DeleteAsync(set, pod, token));
        }
    }

    private Task CreateAsync(V1ReplicaSet set, CancellationToken cancellationToken) =>
        _writer.CreateAsync(set, set.Spec.Template, set.Spec.Template.Metadata?.Finalizers, cancellationToken);

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
