namespace Slipway.ModelServer.DataPlane;

/// <summary>How a request ended, in our words; each transport translates it in one table, and metrics name it in another.</summary>
internal enum ErrorCode
{
    Ok,
    InvalidArgument,

    /// <summary>The body is larger than the server takes.</summary>
    TooLarge,

    /// <summary>The body came too slowly, or not at all.</summary>
    TooSlow,
    NotFound,

    /// <summary>The client went away.</summary>
    Cancelled,
    ResourceExhausted,
    DeadlineExceeded,
    Unavailable,
    Internal,
}
