namespace Slipway.DevCluster.Nodes;

/// <summary>Settings of the one node.</summary>
internal sealed record NodeOptions
{
    public const string DefaultName = "slipway-dev";

    public string Name { get; init; } = DefaultName;

    /// <summary>Directory of volumes, logs and scripts of pods; made when absent. The kubelet owns everything in it.</summary>
    public required string RunDirectory { get; init; }

    public required ImageTable Images { get; init; }

    /// <summary>Directories of the host that every pod sees, read-only.</summary>
    public IReadOnlyList<HostMount> Mounts { get; init; } = [];

    /// <summary>Where pods find the API server; null leaves <c>KUBERNETES_SERVICE_*</c> out of their environment.</summary>
    public Uri? ApiServer { get; init; }

    /// <summary>First wait after a crash or a failed image; doubles up to <see cref="BackOffCap"/>.</summary>
    public TimeSpan BackOffBase { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan BackOffCap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A container that ran this long starts again with the first wait.</summary>
    public TimeSpan BackOffReset { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Wait before volumes whose ConfigMap or Secret is missing are tried again.</summary>
    public TimeSpan VolumeRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often pods are measured; default 5 seconds.</summary>
    public TimeSpan MetricsPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The stretch of time that figures of servers are averaged over; at least twice <see cref="MetricsPeriod"/>, default a minute.</summary>
    public TimeSpan MetricsWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of one log file; one older file is kept beside it.</summary>
    public long LogFileBytes { get; init; } = 10 * 1024 * 1024;
}
