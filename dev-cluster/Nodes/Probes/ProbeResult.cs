namespace Slipway.DevCluster.Nodes.Probes;

/// <summary>What one probe saw; the message says what was wrong.</summary>
internal readonly record struct ProbeResult(bool Success, string Message)
{
    public static ProbeResult Good => new(true, "");

    public static ProbeResult Bad(string message) => new(false, message);
}
