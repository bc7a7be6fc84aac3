using k8s.Models;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>What owners and dependents mean for one object: it is deleted, loses owners or a finalizer, or stays as it is.</summary>
internal sealed class Ownership(MetadataClient client, OwnerGraph graph, KindWatches kinds)
{
    private enum OwnerState
    {
        Present,
        Absent,

        /// <summary>On its way out, and held until its dependents are gone.</summary>
        Waiting,

        /// <summary>Its kind is not served (yet), so nothing can be said.</summary>
        Unknown,
    }

    /// <returns>False when it could not be decided yet, and has to be looked at again.</returns>
    public async Task<bool> EnforceAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
    {
        if (known.Waits(OwnedObject.Orphan))
        {
            return await SetFreeAsync(known, dependents, cancellationToken);
        }

        if (known.Waits(OwnedObject.Foreground) && !await IsHeldAsync(known, dependents, cancellationToken))
        {
            await DropFinalizerAsync(known, OwnedObject.Foreground, cancellationToken);
        }

        return known.Metadata.DeletionTimestamp is not null || !known.Owners.Any() || await CollectAsync(known, dependents, cancellationToken);
    }

    /// <summary>An owner goes only after every dependent let it go; one that changed meanwhile is seen again, and its owner with it.</summary>
    private async Task<bool> SetFreeAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
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

        return areFree;
    }

    private async Task<bool> IsHeldAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken) =>
        graph.DependentsOf(known.Metadata.Uid).Any(dependent => dependent.Holds(known.Metadata.Uid))
        || (await dependents.OfAsync(known.Metadata.Uid, cancellationToken)).Any(dependent => dependent.Holds(known.Metadata.Uid));

    private async Task<bool> CollectAsync(OwnedObject known, LiveDependents dependents, CancellationToken cancellationToken)
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
                    return false;
            }
        }

        if (absent.Count + waiting.Count == known.Owners.Count())
        {
            var foreground = waiting.Count > 0 && (await dependents.OfAsync(known.Metadata.Uid, cancellationToken)).Count > 0;
            var policy = known.Metadata.Finalizers?.Contains(OwnedObject.Orphan) == true ? "Orphan" : foreground ? "Foreground" : "Background";

            // Only as it is known: an object that was set free meanwhile stays.
            await client.DeleteAsync(known, policy, known.Metadata.ResourceVersion, cancellationToken);
        }
        else if (absent.Count + waiting.Count > 0)
        {
            await KeepOwnersAsync(known, owner => !absent.Contains(owner.Uid) && !waiting.Contains(owner.Uid), cancellationToken);
        }

        return true;
    }

    private async Task<OwnerState> LookAsync(OwnedObject known, V1OwnerReference owner, CancellationToken cancellationToken)
    {
        if (graph.Find(owner.Uid) is { } present)
        {
            return present.Waits(OwnedObject.Foreground) ? OwnerState.Waiting : OwnerState.Present;
        }

        if (kinds.FindListed(owner) is not { } kind)
        {
            return OwnerState.Unknown;
        }

        // The graph may lag behind the server: only the server's own word deletes.
        var live = await client.FindAsync(kind.Path(known.Metadata.NamespaceProperty, owner.Name), cancellationToken);
        return (string?)live?["metadata"]?["uid"] == owner.Uid ? OwnerState.Present : OwnerState.Absent;
    }

    private Task<bool> KeepOwnersAsync(OwnedObject known, Func<V1OwnerReference, bool> keep, CancellationToken cancellationToken) =>
        client.SetMetadataAsync(known, "ownerReferences", known.Owners.Where(keep), cancellationToken);

    private Task<bool> DropFinalizerAsync(OwnedObject known, string finalizer, CancellationToken cancellationToken) =>
        client.SetMetadataAsync(known, "finalizers", known.Metadata.Finalizers.Where(name => name != finalizer), cancellationToken);
}
