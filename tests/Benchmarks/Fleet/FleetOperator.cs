using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Fleet;

/// <summary>The operator as its image holds it, in a process of its own.</summary>
internal static class FleetOperator
{
    /// <summary>How it introduces itself to the API server.</summary>
    public const string Agent = "slipway-operator";

    /// <summary>ModelDeployments that it reconciles at the same time, and the bare client brings about: the operator's default.</summary>
    public const int Workers = 4;

    public const string Program = "artifacts/bench/operator/slipway-operator";

    /// <summary>Ready, which means that its caches are filled, when this returns.</summary>
    public static Task<ServerProcess> StartAsync(FleetApi api, CancellationToken cancellationToken) => ServerProcess.StartAsync(
        Program,
        ports => ["run", "--kubeconfig", api.Kubeconfig, "--listen", $"127.0.0.1:{ports.Http}", "--leader-elect", "false", "--workers", $"{Workers}", "--log-level", "Warning"],
        static () => new(HttpMethod.Get, "/readyz"),
        cancellationToken);
}
