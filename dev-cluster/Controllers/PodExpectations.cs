using System.Collections.Concurrent;
using k8s.Models;

namespace Slipway.DevCluster.Controllers;

/// <summary>Own writes that the cache has not shown yet: without waiting for them a controller would make or delete pods twice.</summary>
internal sealed class PodExpectations(TimeProvider clock)
{
    /// <summary>A pod made and deleted by others between two looks never shows.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, (bool Created, long Since)>> _owners = new();

    public void Created(string owner, string podUid) => Pods(owner)[podUid] = (true, clock.GetTimestamp());

    public void Deleted(string owner, string podUid) => Pods(owner)[podUid] = (false, clock.GetTimestamp());

    /// <summary>True when every own write shows in the namespace's cached pods.</summary>
    public bool Fulfilled(string owner, IReadOnlyList<V1Pod> pods)
    {
        if (!_owners.TryGetValue(owner, out var expected))
        {
            return true;
        }

        var known = pods.ToDictionary(pod => pod.Metadata.Uid);
        foreach (var (uid, (created, since)) in expected)
        {
            var shown = created ? known.ContainsKey(uid) : !known.TryGetValue(uid, out var pod) || pod.IsTerminating();
            if (shown || clock.GetElapsedTime(since) > Patience)
            {
                expected.TryRemove(uid, out _);
            }
        }

        return expected.IsEmpty && _owners.TryRemove(owner, out _);
    }

    private ConcurrentDictionary<string, (bool Created, long Since)> Pods(string owner) => _owners.GetOrAdd(owner, _ => new());
}
