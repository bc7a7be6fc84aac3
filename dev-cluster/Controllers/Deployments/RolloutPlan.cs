using k8s.Models;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>The next step of a roll-out: which ReplicaSets get which size. Empty means that nothing is to be scaled now.</summary>
internal static class RolloutPlan
{
    public static IReadOnlyList<(V1ReplicaSet Set, int Size)> RollingUpdate(V1Deployment deployment, V1ReplicaSet newest, IReadOnlyList<V1ReplicaSet> old)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        var size = NewSize(deployment, newest, old);
        if (size != newest.Spec.Replicas)
        {
            return [(newest, size)];
        }

        var (_, maxUnavailable) = Surge.Of(deployment);
        var minAvailable = wanted - maxUnavailable;
        var newUnavailable = (newest.Spec.Replicas ?? 0) - (newest.Status?.AvailableReplicas ?? 0);
        var removable = Size(old) + Size([newest]) - minAvailable - newUnavailable;
        if (Size(old) == 0 || removable <= 0)
        {
            return [];
        }

        var sizes = old.OrderBy(set => set.Metadata.CreationTimestamp).ToDictionary(set => set, set => set.Spec.Replicas ?? 0);
        TakeUnhealthy(sizes, removable);
        TakeHealthy(sizes, old.Append(newest).Sum(set => set.Status?.AvailableReplicas ?? 0) - minAvailable);
        return [.. sizes.Where(pair => pair.Value != pair.Key.Spec.Replicas).Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>The size that the newest ReplicaSet may have now.</summary>
    public static int NewSize(V1Deployment deployment, V1ReplicaSet? newest, IReadOnlyList<V1ReplicaSet> old)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        var size = newest?.Spec.Replicas ?? 0;
        if (deployment.Spec.Strategy?.Type == "Recreate" || size >= wanted)
        {
            return wanted;
        }

        var room = wanted + Surge.Of(deployment).MaxSurge - Size(old) - size;
        return size + Math.Clamp(room, 0, wanted - size);
    }

    /// <summary>After a change of size in the middle of a roll-out, every ReplicaSet gets its share of it.</summary>
    public static IReadOnlyList<(V1ReplicaSet Set, int Size)> Scale(V1Deployment deployment, V1ReplicaSet? newest, IReadOnlyList<V1ReplicaSet> old)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        V1ReplicaSet[] all = newest is null ? [.. old] : [.. old, newest];
        V1ReplicaSet[] active = [.. all.Where(set => set.Spec.Replicas > 0)];
        if (active.Length <= 1)
        {
            var only = active.FirstOrDefault() ?? newest ?? old.MaxBy(set => set.Metadata.CreationTimestamp);
            return only is null || only.Spec.Replicas == wanted ? [] : [(only, wanted)];
        }

        if (newest is { } current && current.Spec.Replicas == wanted && current.Status?.AvailableReplicas == wanted)
        {
            return [.. old.Where(set => set.Spec.Replicas > 0).Select(set => (set, 0))];
        }

        return deployment.Spec.Strategy?.Type == "Recreate" ? [] : Share(active, (wanted > 0 ? wanted + Surge.Of(deployment).MaxSurge : 0) - Size(active));
    }

    private static (V1ReplicaSet Set, int Size)[] Share(V1ReplicaSet[] active, int change)
    {
        var total = Size(active);
        var order = change > 0
            ? active.OrderByDescending(set => set.Spec.Replicas).ThenByDescending(set => set.Metadata.CreationTimestamp)
            : active.OrderByDescending(set => set.Spec.Replicas).ThenBy(set => set.Metadata.CreationTimestamp);
        var left = change;
        var sizes = order.Select(set =>
        {
            var share = (int)Math.Round((double)(set.Spec.Replicas ?? 0) * change / total, MidpointRounding.AwayFromZero);
            share = change > 0 ? Math.Min(share, left) : Math.Max(share, left);
            left -= share;
            return (Set: set, Size: (set.Spec.Replicas ?? 0) + share);
        }).ToArray();
        sizes[0].Size = Math.Max(0, sizes[0].Size + left);
        return [.. sizes.Where(pair => pair.Size != pair.Set.Spec.Replicas)];
    }

    private static void TakeUnhealthy(Dictionary<V1ReplicaSet, int> sizes, int removable)
    {
        foreach (var set in sizes.Keys.ToList())
        {
            var taken = Math.Min(removable, Math.Max(0, sizes[set] - (set.Status?.AvailableReplicas ?? 0)));
            sizes[set] -= taken;
            removable -= taken;
        }
    }

    private static void TakeHealthy(Dictionary<V1ReplicaSet, int> sizes, int spare)
    {
        foreach (var set in sizes.Keys.ToList())
        {
            var taken = Math.Clamp(spare, 0, sizes[set]);
            sizes[set] -= taken;
            spare -= taken;
        }
    }

    private static int Size(IEnumerable<V1ReplicaSet> sets) => sets.Sum(set => set.Spec.Replicas ?? 0);
}
