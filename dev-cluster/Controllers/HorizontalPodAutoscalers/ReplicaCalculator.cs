using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>What one figure asks for.</summary>
/// <param name="Replicas">The number of pods that brings it to its target.</param>
/// <param name="Average">The figure now, per pod, in thousandths.</param>
/// <param name="Utilization">In percent of what the pods request; null for other targets.</param>
internal readonly record struct Proposal(int Replicas, long Average, int? Utilization);

/// <summary>The number of pods that brings a figure to its target, by Kubernetes' rules.</summary>
/// <param name="Pods">All pods of the target.</param>
/// <param name="Current">Pods that the target asks for now.</param>
/// <param name="Tolerances">Ratios with which nothing is done.</param>
/// <param name="Now">The present.</param>
/// <param name="Options">How long a pod starts.</param>
internal sealed record ReplicaCalculator(IReadOnlyList<V1Pod> Pods, int Current, Tolerances Tolerances, DateTimeOffset Now, HorizontalPodAutoscalerOptions Options)
{
    private const int All = 100;

    /// <summary>For a target per pod. <paramref name="target"/> is in thousandths; <paramref name="isCpu"/> is for processor time.</summary>
    /// <exception cref="MetricUnavailableException">No pod can be told from.</exception>
    public Proposal ForAverage(IReadOnlyDictionary<string, PodMetric> metrics, long target, bool isCpu) => Propose(
        metrics,
        isCpu,
        used =>
        {
            var average = used.Values.Sum(metric => metric.Value) / used.Count;
            return (average / (double)target, average, null);
        },
        _ => target);

    /// <summary>For a target in percent of what the pods request.</summary>
    /// <param name="metrics">Use of <paramref name="resource"/> by the pods' names.</param>
    /// <param name="target">In percent.</param>
    /// <param name="resource"><c>cpu</c> or <c>memory</c>.</param>
    /// <param name="container">The one container that counts; null for all.</param>
    /// <exception cref="MetricUnavailableException">No pod can be told from, or a container states no request.</exception>
    public Proposal ForUtilization(IReadOnlyDictionary<string, PodMetric> metrics, int target, string resource, string? container)
    {
        // Only asked for once there is anything to compare: that is the first thing to mend.
        var requests = new Lazy<IReadOnlyDictionary<string, long>>(() => PodRequests.Of(Pods, resource, container));
        return Propose(
            metrics,
            isCpu: resource == "cpu",
            used => Utilization(used, requests.Value, target),
            pod => requests.Value[pod] * Math.Max(All, target) / All);
    }

    private static (double Ratio, long Average, int? Utilization) Utilization(
        IReadOnlyDictionary<string, PodMetric> used, IReadOnlyDictionary<string, long> requests, int target)
    {
        var known = used.Where(metric => requests.ContainsKey(metric.Key)).ToList();
        var requested = known.Sum(metric => requests[metric.Key]);
        if (requested == 0)
        {
            throw new MetricUnavailableException("no metrics returned matched known pods");
        }

        var total = known.Sum(metric => metric.Value.Value);
        var utilization = (int)(total * All / requested);
        return (utilization / (double)target, total / known.Count, utilization);
    }

    private Proposal Propose(
        IReadOnlyDictionary<string, PodMetric> metrics,
        bool isCpu,
        Func<IReadOnlyDictionary<string, PodMetric>, (double Ratio, long Average, int? Utilization)> measure,
        Func<string, long> full)
    {
        if (Pods.Count == 0)
        {
            throw new MetricUnavailableException("no pods returned by selector while calculating replica count");
        }

        var groups = PodGroups.Of(Pods, metrics, isCpu, Now, Options);
        var used = metrics.Where(metric => !groups.Ignored.Contains(metric.Key) && !groups.Unready.Contains(metric.Key)).ToDictionary(metric => metric.Key, metric => metric.Value);
        if (used.Count == 0)
        {
            throw new MetricUnavailableException("did not receive metrics for targeted pods (pods might be unready)");
        }

        var (ratio, average, utilization) = measure(used);
        var unreadyCount = ratio > 1 && groups.Unready.Count > 0;
        if (!unreadyCount && groups.Missing.Count == 0)
        {
            return new(Tolerances.Cover(ratio) ? Current : Up(ratio * groups.Ready), average, utilization);
        }

        // Whatever is not known speaks against a change: full on the way down, idle on the way up.
        foreach (var pod in groups.Missing.Where(_ => ratio != 1))
        {
            used[pod] = new(ratio < 1 ? full(pod) : 0, Now, TimeSpan.Zero);
        }

        foreach (var pod in groups.Unready.Where(_ => unreadyCount))
        {
            used[pod] = new(0, Now, TimeSpan.Zero);
        }

        return new(Damped(ratio, measure(used).Ratio, used.Count), average, utilization);
    }

    /// <summary>The assumptions may damp a change, but neither turn it round nor make one.</summary>
    private int Damped(double ratio, double assumed, int pods)
    {
        if (Tolerances.Cover(assumed) || (ratio < 1 && assumed > 1) || (ratio > 1 && assumed < 1))
        {
            return Current;
        }

        var replicas = Up(assumed * pods);
        return (assumed < 1 && replicas > Current) || (assumed > 1 && replicas < Current) ? Current : replicas;
    }

    private static int Up(double replicas) => (int)Math.Min(int.MaxValue, Math.Ceiling(replicas));
}
