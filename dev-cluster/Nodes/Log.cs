using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Nodes;

/// <summary>What the node logs: 300-319.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Running pod {Namespace}/{Name} failed; its processes are ended.")]
    public static partial void PodFailed(ILogger logger, string @namespace, string name, Exception exception);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "Refreshing the volumes of {Count} pods failed, and is tried again: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "Registering the node {Name} failed, and is tried again: {Reason}")]
    public static partial void NodeNotRegistered(ILogger logger, string name, string reason);

    [LoggerMessage(EventId = 303, Level = LogLevel.Debug, Message = "Reading the metrics of pod {Namespace}/{Name} failed: {Reason}")]
    public static partial void ScrapeFailed(ILogger logger, string @namespace, string name, string reason);
}
