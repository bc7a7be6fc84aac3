namespace Slipway.ModelServer.DataPlane;

/// <summary>A request that failed for a reason its sender can read: <paramref name="message"/> is sent to the client as it is.</summary>
internal sealed class ServingException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorCode Code { get; } = code;

    /// <summary>With <see cref="ErrorCode.ResourceExhausted"/>: after how long it may fit.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static ServingException Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}
