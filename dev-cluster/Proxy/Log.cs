using System.Net;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Proxy;

/// <summary>What the Service proxy logs: 340-349.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 340, Level = LogLevel.Warning, Message = "The Service address {Address} cannot be listened on, and is tried again: {Reason}")]
    public static partial void CannotListen(ILogger logger, IPEndPoint address, string reason);
}
