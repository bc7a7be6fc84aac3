using k8s.Models;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>The pods of a target, by how far their figure can be trusted. Sets hold names.</summary>
/// <param name="Ready">Pods whose figure counts.</param>
/// <param name="Unready">Pods that cannot take load yet, whatever their figure is.</param>
/// <param name="Missing">Pods without a figure.</param>
/// <param name="Ignored">Pods that are on their way out or failed.</param>
internal sealed record PodGroups(int Ready, IReadOnlySet<string> Unready, IReadOnlySet<string> Missing, IReadOnlySet<string> Ignored)
{
    /// <param name="pods">All pods of the target.</param>
    /// <param name="metrics">Figures by the pods' names.</param>
    /// <param name="isCpu">Processor time of a pod that starts says nothing of its load.</param>
    /// <param name="now">The present.</param>
    /// <param name="options">How long a pod starts.</param>
    public static PodGroups Of(
        IReadOnlyList<V1Pod> pods, IReadOnlyDictionary<string, PodMetric> metrics, bool isCpu, DateTimeOffset now, HorizontalPodAutoscalerOptions options)
    {
        var (ready, unready, missing, ignored) = (0, new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        foreach (var pod in pods)
        {
            var name = pod.Metadata.Name;
            if (pod.IsTerminating() || pod.Status?.Phase == "Failed")
            {
                ignored.Add(name);
            }
            else if (pod.Status?.Phase is null or "Pending")
            {
                unready.Add(name);
            }
            else if (!metrics.TryGetValue(name, out var metric))
            {
                missing.Add(name);
            }
            else if (isCpu && IsStarting(pod, metric, now, options))
            {
                unready.Add(name);
            }
            else
            {
                ready++;
            }
        }

        return new(ready, unready, missing, ignored);
    }

    private static bool IsStarting(V1Pod pod, PodMetric metric, DateTimeOffset now, HorizontalPodAutoscalerOptions options)
    {
        if (pod.Condition("Ready") is not { LastTransitionTime: { } since } condition || pod.Status.StartTime is not { } start)
        {
            return true;
        }

        return start + options.CpuInitializationPeriod > now.UtcDateTime
            ? condition.Status == "False" || metric.Time.UtcDateTime < since + metric.Window
            : condition.Status == "False" && start + options.InitialReadinessDelay > since;
    }
}
