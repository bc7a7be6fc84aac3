using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>Deletes what lost its owners, holds owners that wait for their dependents, and sets orphans free; for objects of every kind.</summary>
internal sealed class GarbageCollector(IKubernetes kubernetes, TimeProvider clock, ILogger<GarbageCollector> logger) : BackgroundService
{
    private const int MaxWaiting = 10_000;
    private const string Definitions = "customresourcedefinitions";

    /// <summary>A changed definition is served a moment after the change is seen.</summary>
    private const int LooksAtKinds = 2;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly MetadataClient _client = new((Kubernetes)kubernetes);
    private readonly OwnerGraph _graph = new();
    private readonly Dictionary<ServedKind, (Task Run, CancellationTokenSource Stop)> _watches = [];
    private readonly HashSet<ServedKind> _listed = [];
    private readonly HashSet<string> _again = [];
    private int _kindLooks = 1;
    private readonly Channel<KindChange> _changes = Channel.CreateBounded<KindChange>(MaxWaiting);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (_kindLooks > 0)
                {
                    await FollowKindsSafelyAsync(stoppingToken);
                }

                await NextAsync(stoppingToken);
            }
        }
        finally
        {
            foreach (var (run, stop) in _watches.Values)
            {
                await stop.CancelAsync();
                await run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                stop.Dispose();
            }
        }
    }

    /// <summary>One change, or a second look at what could not be decided.</summary>
    private async Task NextAsync(CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = Task.Delay(_again.Count > 0 || _kindLooks > 0 ? Retry : Timeout.InfiniteTimeSpan, clock, turn.Token);
        await Task.WhenAny(_changes.Reader.WaitToReadAsync(turn.Token).AsTask(), due);
        await turn.CancelAsync();
        HashSet<string> look = due.IsCompletedSuccessfully ? [.. _again] : [];
        _again.ExceptWith(look);
        while (_changes.Reader.TryRead(out var change))
        {
            if (change.Kind.Plural == Definitions)
            {
                _kindLooks = LooksAtKinds;
            }

            look.UnionWith(Note(change));
        }

        var dependents = new LiveDependents(_client);
        foreach (var uid in look)
        {
            await DecideSafelyAsync(uid, dependents, cancellationToken);
        }
    }

    /// <summary>A failure is tried again with the next look: the collector must outlive a slow API server.</summary>
    private async Task FollowKindsSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowKindsAsync(cancellationToken);
            _kindLooks--;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.KindWatchFailed(logger, "the served kinds", exception.Message);
        }
    }

    private async Task FollowKindsAsync(CancellationToken cancellationToken)
    {
        var served = await _client.KindsAsync(cancellationToken);
        foreach (var gone in _watches.Keys.Except(served).ToList())
        {
            _watches.Remove(gone, out var watch);
            await watch.Stop.CancelAsync();
            _listed.Remove(gone);
            foreach (var known in _graph.Of(gone))
            {
                _again.UnionWith(_graph.DependentsOf(known.Metadata.Uid).Select(dependent => dependent.Metadata.Uid));
                _graph.Remove(known.Metadata.Uid);
            }
        }

        foreach (var kind in served.Where(kind => kind.IsCollected && !_watches.ContainsKey(kind)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _watches[kind] = (new KindWatch(_client, kind, _changes.Writer, clock, logger).RunAsync(stop.Token), stop);
        }
    }

    /// <summary>Takes a change into the graph and answers whom it may concern.</summary>
    private List<string> Note(KindChange change)
    {
        List<string> concerned = [];
        if (change.Listed is { } listed)
        {
            _listed.Add(change.Kind);
            var there = listed.Select(item => item.Metadata.Uid).ToHashSet();
            foreach (var gone in _graph.Of(change.Kind).Where(known => !there.Contains(known.Metadata.Uid)))
            {
                concerned.AddRange(Remove(gone.Metadata.Uid));
            }

            foreach (var item in listed)
            {
                concerned.AddRange(Set(item));
            }
        }
        else
        {
            concerned.AddRange(change.Set is { } set ? Set(set) : Remove(change.RemovedUid!));
        }

        return concerned;
    }

    private List<string> Set(OwnedObject next)
    {
        var before = _graph.Find(next.Metadata.Uid)?.Owners.Select(owner => owner.Uid) ?? [];
        _graph.Set(next);
        return [next.Metadata.Uid, .. before, .. next.Owners.Select(owner => owner.Uid), .. next.Waits(OwnedObject.Foreground) ? Dependents(next.Metadata.Uid) : []];
    }

    private List<string> Remove(string uid)
    {
        var owners = _graph.Find(uid)?.Owners.Select(owner => owner.Uid) ?? [];
        _graph.Remove(uid);
        return [.. Dependents(uid), .. owners];
    }

    private IEnumerable<string> Dependents(string uid) => _graph.DependentsOf(uid).Select(dependent => dependent.Metadata.Uid);

    private async Task DecideSafelyAsync(string uid, LiveDependents dependents, CancellationToken cancellationToken)
    {
        try
        {
            if (_graph.Find(uid) is { } known)
            {
                await DecideAsync(known, dependents, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CollectionFailed(logger, uid, exception.Message);
            _again.Add(uid);
        }
    }

    private async Task DecideAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
    {
        if (known.Waits(OwnedObject.Orphan))
        {
            await SetFreeAsync(known, dependents, cancellationToken);
        }
        else if (known.Waits(OwnedObject.Foreground) && !await IsHeldAsync(known, dependents, cancellationToken))
        {
            await DropFinalizerAsync(known, OwnedObject.Foreground, cancellationToken);
        }

        if (known.Metadata.DeletionTimestamp is null && known.Owners.Any())
        {
            await CollectAsync(known, dependents, cancellationToken);
        }
    }

    /// <summary>An owner goes only after every dependent let it go; one that changed meanwhile is seen again, and its owner with it.</summary>
    private async Task SetFreeAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
    {
        var areFree = true;
        foreach (var dependent in await dependents.OfAsync(known.Metadata.Uid, cancellationToken))
        {
            areFree &= await KeepOwnersAsync(dependent, owner => owner.Uid != known.Metadata.Uid, cancellationToken);
        }

        if (areFree)
        {
            await DropFinalizerAsync(known, OwnedObject.Orphan, cancellationToken);
        }
        else
        {
            _again.Add(known.Metadata.Uid);
        }
    }

    private async Task<bool> IsHeldAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken) =>
        _graph.DependentsOf(known.Metadata.Uid).Any(dependent => dependent.Holds(known.Metadata.Uid))
        || (await dependents.OfAsync(known.Metadata.Uid, cancellationToken)).Any(dependent => dependent.Holds(known.Metadata.Uid));

    private async Task CollectAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
    {
        var absent = new HashSet<string>();
        var waiting = new HashSet<string>();
        foreach (var owner in known.Owners)
        {
            switch (await LookAsync(known, owner, cancellationToken))
            {
                case OwnerState.Absent:
                    absent.Add(owner.Uid);
                    break;
                case OwnerState.Waiting:
                    waiting.Add(owner.Uid);
                    break;
                case OwnerState.Unknown:
                    _again.Add(known.Metadata.Uid);
                    return;
            }
        }

        if (absent.Count + waiting.Count == known.Owners.Count())
        {
            var foreground = waiting.Count > 0 && (await dependents.OfAsync(known.Metadata.Uid, cancellationToken)).Count > 0;
            await DeleteAsync(known, foreground ? "Foreground" : "Background", cancellationToken);
        }
        else if (absent.Count + waiting.Count > 0)
        {
            await KeepOwnersAsync(known, owner => !absent.Contains(owner.Uid) && !waiting.Contains(owner.Uid), cancellationToken);
        }
    }

    private enum OwnerState
    {
        Present,
        Absent,

        /// <summary>On its way out, and held until its dependents are gone.</summary>
        Waiting,

        /// <summary>Its kind is not served (yet), so nothing can be said.</summary>
        Unknown,
    }

    private async Task<OwnerState> LookAsync(OwnedObject known, V1OwnerReference owner, CancellationToken cancellationToken)
    {
        if (_graph.Find(owner.Uid) is { } present)
        {
            return present.Waits(OwnedObject.Foreground) ? OwnerState.Waiting : OwnerState.Present;
        }

        var kind = _watches.Keys.FirstOrDefault(kind => kind.Kind == owner.Kind && kind.Group == (owner.ApiVersion.Contains('/', StringComparison.Ordinal) ? owner.ApiVersion.Split('/')[0] : ""));
        if (kind is null || !_listed.Contains(kind))
        {
            // The kind may be served since the last look at the kinds, and no other change may ever call for another.
            _kindLooks = kind is null ? Math.Max(_kindLooks, 1) : _kindLooks;
            return OwnerState.Unknown;
        }

        // The graph may lag behind the server: only the server's own word deletes.
        var live = await _client.FindAsync(kind.Path(known.Metadata.NamespaceProperty ?? "", owner.Name), cancellationToken);
        return (string?)live?["metadata"]?["uid"] == owner.Uid ? OwnerState.Present : OwnerState.Absent;
    }

    /// <summary>Only as it is known: an object that was set free meanwhile stays.</summary>
    private Task<bool> DeleteAsync(OwnedObject known, string policy, CancellationToken cancellationToken) => _client.WriteAsync(
        HttpMethod.Delete,
        PathOf(known),
        new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["propagationPolicy"] = known.Metadata.Finalizers?.Contains(OwnedObject.Orphan) == true ? "Orphan" : policy,
            ["preconditions"] = new JsonObject { ["uid"] = known.Metadata.Uid, ["resourceVersion"] = known.Metadata.ResourceVersion },
        },
        cancellationToken);

    private Task<bool> KeepOwnersAsync(OwnedObject known, Func<V1OwnerReference, bool> keep, CancellationToken cancellationToken)
    {
        var left = known.Owners.Where(keep).ToList();
        return PatchAsync(known, "ownerReferences", left.Count == 0 ? null : JsonNode.Parse(KubernetesJson.Serialize(left)), cancellationToken);
    }

    private Task<bool> DropFinalizerAsync(OwnedObject known, string finalizer, CancellationToken cancellationToken)
    {
        var left = known.Metadata.Finalizers.Where(name => name != finalizer).ToList();
        return PatchAsync(known, "finalizers", left.Count == 0 ? null : JsonNode.Parse(KubernetesJson.Serialize(left)), cancellationToken);
    }

    private Task<bool> PatchAsync(OwnedObject known, string field, JsonNode? value, CancellationToken cancellationToken) => _client.WriteAsync(
        HttpMethod.Patch,
        PathOf(known),
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = known.Metadata.Uid, ["resourceVersion"] = known.Metadata.ResourceVersion, [field] = value },
        },
        cancellationToken);

    private static string PathOf(OwnedObject known) => known.Kind.Path(known.Metadata.NamespaceProperty ?? "", known.Metadata.Name);
}
