namespace Slipway.ModelServer.DataPlane;

/// <summary>What the server says of itself in every protocol.</summary>
internal static class ServerIdentity
{
    public const string Name = "slipway";

    /// <summary>The protocol's name for what its models run on.</summary>
    public const string Platform = "onnx_onnxv1";

    public static readonly string Version = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
