using k8s;

namespace Slipway.Runtime;

/// <summary>Opens the connection that a runtime talks over.</summary>
public static class ApiConnection
{
    /// <summary>A connection on which nothing came for this time is asked whether it is alive.</summary>
    public static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    /// <summary>One that does not answer within this time is replaced.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);

    /// <summary>An API server that does not take a connection within this time is tried anew.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// All requests but those about the Lease share one connection. One that a network drops without a word would otherwise fail them all for
    /// the minutes that its own system, or the client's defaults, take to notice. The configuration's own handler setup comes last.
    /// </summary>
    public static IKubernetes Open(KubernetesClientConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var further = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.KeepAlivePingDelay = PingDelay;
            handler.KeepAlivePingTimeout = PingTimeout;
            handler.ConnectTimeout = ConnectTimeout;
            further?.Invoke(handler);
        };
        return new Kubernetes(configuration);
    }
}
