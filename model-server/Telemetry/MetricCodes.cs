using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Telemetry;

/// <summary>The closed vocabulary of the label <c>code</c>, the same for every protocol.</summary>
internal static class MetricCodes
{
    public static readonly IReadOnlyList<string> All =
        ["ok", "invalid_argument", "not_found", "cancelled", "resource_exhausted", "deadline_exceeded", "unavailable", "internal"];

    /// <summary>The place in <see cref="All"/>.</summary>
    public static int Index(ErrorCode code) => code switch
    {
        ErrorCode.Ok => 0,
        ErrorCode.InvalidArgument or ErrorCode.TooLarge or ErrorCode.TooSlow => 1,
        ErrorCode.NotFound => 2,
        ErrorCode.Cancelled => 3,
        ErrorCode.ResourceExhausted => 4,
        ErrorCode.DeadlineExceeded => 5,
        ErrorCode.Unavailable => 6,
        ErrorCode.Internal => 7,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "has no metric code"),
    };
}
