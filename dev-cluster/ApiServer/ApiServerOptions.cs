using System.Net;

namespace Slipway.DevCluster.ApiServer;

/// <summary>How to start the API server.</summary>
internal sealed record ApiServerOptions
{
    /// <summary>Where to listen; must lie in 127.0.0.0/8.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>Where the clusterIPs of Services come from. Linux can bind any address in 127.0.0.0/8 without further ado.</summary>
    public IPNetwork ServiceAddresses { get; init; } = IPNetwork.Parse("127.96.0.0/16");

    /// <summary>Writes that are remembered for each resource, for watches that come back; at least 1, default 1024.</summary>
    public int WatchHistory { get; init; } = 1024;

    /// <summary>A file that gets one line of JSON for each request; null for none.</summary>
    public string? AuditLog { get; init; }

    /// <summary>Where <c>pods/log</c> reads; null answers as a server that reaches no node.</summary>
    public IPodLogs? PodLogs { get; init; }

    /// <summary>What metrics.k8s.io and custom.metrics.k8s.io tell of pods; null serves neither.</summary>
    public IPodMetrics? PodMetrics { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
