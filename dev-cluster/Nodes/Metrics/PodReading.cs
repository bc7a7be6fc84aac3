using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>All that is known of one pod's load; replaced whole.</summary>
internal sealed record PodReading
{
    public static readonly PodReading None = new();

    /// <summary>In order of time, as far back as the window reaches.</summary>
    public IReadOnlyList<Scrape> Scrapes { get; init; } = [];

    /// <summary>Processor time of each container's first process and all below it, by the container's name; with the process, because another one counts anew.</summary>
    public IReadOnlyDictionary<string, (int Process, TimeSpan Processor)> Processors { get; init; } = new Dictionary<string, (int, TimeSpan)>();

    /// <summary>When <see cref="Processors"/> was read; null before the first time.</summary>
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>Null until each container was measured twice.</summary>
    public PodUsage? Usage { get; init; }

    public PodReading With(Scrape? scrape, DateTimeOffset horizon) =>
        this with { Scrapes = [.. Scrapes.Where(known => known.Time > horizon), .. scrape is null ? Array.Empty<Scrape>() : [scrape]] };

    /// <summary>Takes in what the containers' processes used up to now.</summary>
    public PodReading With(RunningPod pod, ProcessTable table, DateTimeOffset now)
    {
        var processors = new Dictionary<string, (int Process, TimeSpan Processor)>();
        var containers = new List<ContainerUsage>();
        var window = now - (MeasuredAt ?? now);
        foreach (var (name, process) in pod.Processes)
        {
            var (processor, resident) = table.Below(process);
            processors.Add(name, (process, processor));
            if (window > TimeSpan.Zero && Processors.TryGetValue(name, out var before) && before.Process == process)
            {
                // Less than before when a process ended that nobody waited for.
                containers.Add(new(name, Math.Max(0, (processor - before.Processor) / window), resident));
            }
        }

        var complete = containers.Count > 0 && containers.Count == pod.Processes.Count;
        return this with { Processors = processors, MeasuredAt = now, Usage = complete ? new(now, window, containers) : null };
    }
}
