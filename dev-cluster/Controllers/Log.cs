using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Controllers;

/// <summary>What the controllers log beside the runtime's own: 320-339.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Following {Resource} for the garbage collector failed, and is tried again: {Reason}")]
    public static partial void KindWatchFailed(ILogger logger, string resource, string reason);

    [LoggerMessage(EventId = 321, Level = LogLevel.Warning, Message = "Collecting the object {Uid} failed, and is tried again: {Reason}")]
    public static partial void CollectionFailed(ILogger logger, string uid, string reason);
}
