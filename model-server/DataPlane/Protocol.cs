namespace Slipway.ModelServer.DataPlane;

/// <summary>How a request came in; the values of the label <c>protocol</c> are in <see cref="Telemetry.MetricProtocols"/>.</summary>
internal enum Protocol
{
    Rest,
    Grpc,
}
