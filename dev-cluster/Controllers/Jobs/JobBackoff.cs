using k8s.Models;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>How long a Job waits after pods that failed: 10, 20, 40 seconds and so on, at most 10 minutes, and anew after a success.</summary>
internal static class JobBackoff
{
    private const int MostDoublings = 6;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>What is left of the wait; zero or less for none.</summary>
    public static TimeSpan Left(IReadOnlyList<V1Pod> pods, DateTime now)
    {
        var success = pods.Where(pod => pod.Succeeded()).Select(pod => pod.FinishedAt(now)).DefaultIfEmpty(DateTime.MinValue).Max();
        var failures = pods.Where(pod => pod.Status?.Phase == "Failed").Select(pod => pod.FinishedAt(now)).Where(finished => finished > success).ToList();
        return failures.Count == 0 ? TimeSpan.Zero : failures.Max() + After(failures.Count) - now;
    }

    private static TimeSpan After(int failures) => First * (1 << Math.Min(failures - 1, MostDoublings)) is var wait && wait < Longest ? wait : Longest;
}
