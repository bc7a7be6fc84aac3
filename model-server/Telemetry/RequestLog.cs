using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Telemetry;

/// <summary>A line of log for each request that is over, as far as the live settings want one. Nothing of what was asked or answered is in it.</summary>
internal sealed class RequestLog(LiveState live, ILogger logger)
{
    /// <summary>Its lines are wanted or not by the live settings alone, whatever the least level of the log is.</summary>
    public const string Category = "Slipway.ModelServer.Requests";

    public bool IsOn => live.Current.RequestLog != RequestLogging.None;

    public void Ended(Protocol protocol, string id, string model, string version, ErrorCode code, TimeSpan duration, string traceId)
    {
        if (live.Current.RequestLog == RequestLogging.All || (IsOn && code != ErrorCode.Ok))
        {
            Log.RequestEnded(
                logger, MetricProtocols.All[(int)protocol], id, model, version, MetricCodes.All[MetricCodes.Index(code)], Math.Round(duration.TotalMilliseconds, 3), traceId);
        }
    }
}
