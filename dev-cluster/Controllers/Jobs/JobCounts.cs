using k8s.Models;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>
/// How many pods ended how, each counted once: a pod's end is noted by its uid first, then its finalizer is taken off, and once that shows it moves
/// to the number.
/// </summary>
internal sealed record JobCounts
{
    /// <summary>Counted, and let go.</summary>
    public required int Succeeded { get; init; }

    /// <summary>Counted, and let go.</summary>
    public required int Failed { get; init; }

    /// <summary>Uids of pods that are noted and not let go yet.</summary>
    public required IReadOnlyList<string> SucceededUids { get; init; }

    /// <summary>Uids of pods that are noted and not let go yet.</summary>
    public required IReadOnlyList<string> FailedUids { get; init; }

    public int AllSucceeded => Succeeded + SucceededUids.Count;

    public int AllFailed => Failed + FailedUids.Count;

    public bool IsSettled => SucceededUids.Count == 0 && FailedUids.Count == 0;

    /// <param name="status">What was counted so far; null for nothing.</param>
    /// <param name="pods">The Job's pods.</param>
    /// <param name="countsDeleted">Pods on their way out have failed; false when the Job itself took them away.</param>
    public static JobCounts Of(V1JobStatus? status, IReadOnlyList<V1Pod> pods, bool countsDeleted)
    {
        var held = pods.Where(pod => pod.IsTracked()).ToDictionary(pod => pod.Metadata.Uid);
        var (succeeded, failed) = (status?.UncountedTerminatedPods?.Succeeded ?? [], status?.UncountedTerminatedPods?.Failed ?? []);
        var fresh = held.Values.Where(pod => !succeeded.Contains(pod.Metadata.Uid) && !failed.Contains(pod.Metadata.Uid)).ToList();
        return new()
        {
            Succeeded = (status?.Succeeded ?? 0) + succeeded.Count(uid => !held.ContainsKey(uid)),
            Failed = (status?.Failed ?? 0) + failed.Count(uid => !held.ContainsKey(uid)),
            SucceededUids = [.. succeeded.Where(held.ContainsKey), .. fresh.Where(pod => pod.Succeeded()).Select(pod => pod.Metadata.Uid)],
            FailedUids = [.. failed.Where(held.ContainsKey), .. fresh.Where(pod => countsDeleted ? pod.IsLost() : pod.Status?.Phase == "Failed").Select(pod => pod.Metadata.Uid)],
        };
    }
}
