namespace Slipway.ModelServer.Telemetry;

/// <summary>The closed vocabulary of the label <c>protocol</c>, indexed by <see cref="DataPlane.Protocol"/>.</summary>
internal static class MetricProtocols
{
    public static readonly IReadOnlyList<string> All = ["rest", "grpc"];
}
