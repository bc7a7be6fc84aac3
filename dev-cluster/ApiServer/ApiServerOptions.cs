using System.Net;
using Microsoft.AspNetCore.Http;

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

    /// <summary>What a server left that was stopped, to go on in its place; null begins with nothing.</summary>
    public ApiServerState? State { get; init; }

    /// <summary>
    /// Stands between a request and its answer, which it makes by calling its second argument: it may refuse, delay or break what it likes. A
    /// <c>StatusException</c> is answered as one of the server's own. Null lets everything pass.
    /// </summary>
    public Func<HttpContext, Func<Task>, Task>? Intercept { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
