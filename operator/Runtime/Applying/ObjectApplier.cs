using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

internal sealed class ObjectApplier(
    IEnumerable<OwnedKind> ownedKinds,
    ChildWriter writer,
    OwnWrites writes,
    ApiClient api,
    IOptions<KubernetesRuntimeOptions> options,
    ILogger<ObjectApplier> logger) : IObjectApplier
{
    private readonly ILookup<Type, OwnedKind> _kinds = ownedKinds.ToLookup(kind => kind.OwnerType);

    public async Task<ApplyResult> ApplyAsync<TOwner>(
        TOwner owner, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> desired, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        // Its children go with it; one that was put back now would be deleted again, for as long as the owner waits for them to go.
        if (owner.Metadata.DeletionTimestamp is not null)
        {
            return new([], 0, 0);
        }

        var kinds = _kinds[typeof(TOwner)].DistinctBy(kind => kind.Kind).ToList();
        var children = desired.Select(child => DesiredChild.From(owner, child, kinds, options.Value.HashAnnotation)).ToList();
        if (children.CountBy(child => child.Id).FirstOrDefault(child => child.Value > 1) is { Value: > 1 } twice)
        {
            throw new InvalidOperationException($"{twice.Key.Resource} {twice.Key.Key} is desired twice of {typeof(TOwner).Name} {owner.Key()}.");
        }

        IReadOnlyList<DesiredChild> unsettled = [.. children.Where(child => !writer.IsSettled(child))];
        var outcomes = await WriteAsync(owner, unsettled, cancellationToken);

        var prunable = kinds.Except(Held(kinds, unsettled.Zip(outcomes)));
        var pruned = await PruneAsync(owner, prunable, children.Select(child => child.Id).ToHashSet(), cancellationToken);
        var problems = outcomes.Select(outcome => outcome.Problem).OfType<ApplyProblem>().ToList();
        return new(problems, outcomes.Count(outcome => outcome.Written), pruned) { RetryAfter = outcomes.Min(outcome => outcome.RetryAfter) };
    }

    /// <summary>Kinds of which nothing is pruned: what is to take the place of one of them may not be there yet.</summary>
    private static IEnumerable<OwnedKind> Held(IReadOnlyList<OwnedKind> kinds, IEnumerable<(DesiredChild Child, ChildOutcome Outcome)> round) => round
        .Where(written => written.Outcome.Problem is not null)
        .SelectMany(written => written.Child.Kind.StandsAlone && !written.Outcome.EndsRound ? [written.Child.Kind] : kinds);

    /// <summary>One after the other, in order; what has to be asked for first is asked for together.</summary>
    private async Task<IReadOnlyList<ChildOutcome>> WriteAsync(
        IKubernetesObject<V1ObjectMeta> owner, IReadOnlyList<DesiredChild> children, CancellationToken cancellationToken)
    {
        var findings = children.Select(child => writer.FindAsync(child, cancellationToken)).ToList();
        var outcomes = new List<ChildOutcome>(children.Count);
        try
        {
            foreach (var (child, finding) in children.Zip(findings))
            {
                outcomes.Add(await writer.WriteAsync(owner, child, finding, cancellationToken));
                if (outcomes[^1].EndsRound)
                {
                    break;
                }
            }

            return outcomes;
        }
        finally
        {
            // After an end before the last child the rest leads to nothing, and neither do its faults.
            await ((Task)Task.WhenAll(findings)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task HandOverAsync<TOwner, TChild>(
        TOwner owner, ObjectKey child, IReadOnlyList<string> path, string manager, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
        where TChild : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = _kinds[typeof(TOwner)].First(known => known.Kind == ResourceKind.Of<TChild>());
        var id = new ObjectId(kind.Kind.Resource, child);
        var cached = kind.Cached(child);
        var live = writes.View(id, cached);
        if (live is null || ChildOwnership.TakenBy(owner, live.Tree) is not null
            || path.Aggregate((JsonNode?)live.Tree, (node, name) => (node as JsonObject)?[name]) is not { } value)
        {
            return;
        }

        var fields = path.Reverse().Aggregate(value.DeepClone(), (inner, name) => new JsonObject { [name] = inner }).AsObject();
        fields["apiVersion"] = kind.Kind.ApiVersion;
        fields["kind"] = kind.Kind.Kind;
        fields["metadata"] = new JsonObject { ["name"] = child.Name, ["namespace"] = child.Namespace, ["resourceVersion"] = live.Version };
        try
        {
            var query = $"?fieldManager={Uri.EscapeDataString(manager)}&force=true";
            var answer = await api.SendAsync(HttpMethod.Patch, kind.Kind.ObjectPath(child) + query, fields, ApiClient.ApplyPatch, cancellationToken);
            writes.Wrote(id, cached, live, kind.AsCached(answer));
            Log.HandedOver(logger, path[^1], kind.Kind.Kind, child, manager);
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new ConflictException($"{kind.Kind.Kind} {child} changed while {string.Join('.', path)} was handed over.", exception);
        }
    }

    private async Task<int> PruneAsync(
        IKubernetesObject<V1ObjectMeta> owner, IEnumerable<OwnedKind> kinds, HashSet<ObjectId> wanted, CancellationToken cancellationToken)
    {
        var pruned = 0;
        foreach (var kind in kinds)
        {
            foreach (var child in kind.ControlledBy(owner).Where(child => child.Metadata.DeletionTimestamp is null))
            {
                var id = new ObjectId(kind.Kind.Resource, child.Key());
                var cached = ObjectVersion.Of(child);
                if (!wanted.Contains(id) && writes.View(id, cached) is { } live && await DeleteAsync(kind.Kind, id.Key, live, cancellationToken))
                {
                    writes.Deleted(id, cached);
                    Log.Pruned(logger, kind.Kind.Kind, id.Key);
                    pruned++;
                }
            }
        }

        return pruned;
    }

    /// <summary>False when the object was gone.</summary>
    private async Task<bool> DeleteAsync(ResourceKind kind, ObjectKey key, ObjectVersion live, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject { ["uid"] = ObjectJson.Metadata(live.Tree, "uid"), ["resourceVersion"] = live.Version },
        };
        try
        {
            await api.SendAsync(HttpMethod.Delete, kind.ObjectPath(key), request, ApiClient.Json, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            throw new ConflictException($"{kind.Kind} {key} changed, or was replaced, while it was deleted.", exception);
        }
    }
}
