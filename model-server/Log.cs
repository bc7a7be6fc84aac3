using Microsoft.Extensions.Logging;

namespace Slipway.ModelServer;

/// <summary>Everything that the server logs. Event ids: 1xx life of the process, 2xx storage and loading, 3xx requests.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Listening on {Address}, HTTP port {HttpPort}, management port {ManagementPort}, gRPC port {GrpcPort}")]
    public static partial void Listening(ILogger logger, string address, int httpPort, int managementPort, int grpcPort);

    [LoggerMessage(101, LogLevel.Information, "Asked to stop; {InFlight} requests are in flight")]
    public static partial void Draining(ILogger logger, long inFlight);

    [LoggerMessage(102, LogLevel.Information, "Stopped after {Requests} requests")]
    public static partial void Stopped(ILogger logger, long requests);

    [LoggerMessage(103, LogLevel.Warning, "{InFlight} requests did not finish within {Limit} and are cut off")]
    public static partial void DrainTooLong(ILogger logger, long inFlight, TimeSpan limit);

    [LoggerMessage(104, LogLevel.Critical, "{Sentence}")]
    public static partial void NeverLoads(ILogger logger, string sentence);

    [LoggerMessage(105, LogLevel.Warning, "{Finding}")]
    public static partial void PassedOver(ILogger logger, string finding);

    [LoggerMessage(106, LogLevel.Information, "Live settings in force: at most {MaxConcurrency} requests (0: as many as fit their deadlines), a call waits {MaxDelay} for others, slow is over {SlowThreshold}, requests in the log: {RequestLog}")]
    public static partial void LiveSettings(ILogger logger, int maxConcurrency, TimeSpan maxDelay, TimeSpan slowThreshold, Configuration.RequestLogging requestLog);

    [LoggerMessage(107, LogLevel.Warning, "{Trouble}")]
    public static partial void LiveTrouble(ILogger logger, string trouble);

    [LoggerMessage(200, LogLevel.Warning, "{Trouble} Trying again in about {Wait}")]
    public static partial void StorageTrouble(ILogger logger, string trouble, TimeSpan wait);

    [LoggerMessage(201, LogLevel.Information, "Version {Version} of {Address} is on disk and verified, {Digest}, after {Elapsed}")]
    public static partial void Fetched(ILogger logger, string version, string address, string digest, TimeSpan elapsed);

    [LoggerMessage(202, LogLevel.Information, "Model {Model} version {Version} is ready after {Elapsed}")]
    public static partial void Loaded(ILogger logger, string model, string version, TimeSpan elapsed);

    [LoggerMessage(203, LogLevel.Information, "Calls run {Execution}, {Workers} at a time, at most {Rows} rows together: {Reason}")]
    public static partial void Planned(ILogger logger, string execution, int workers, int rows, string reason);

    [LoggerMessage(204, LogLevel.Information, "{Digest} is in the cache, and every byte of it was verified")]
    public static partial void FoundInCache(ILogger logger, string digest);

    [LoggerMessage(205, LogLevel.Warning, "{Digest} in the cache is damaged: {Fault}. It is removed and downloaded again")]
    public static partial void CacheDamaged(ILogger logger, string digest, string fault);

    [LoggerMessage(206, LogLevel.Information, "Model {Model} version {Version} takes no request any more; {Inside} are inside")]
    public static partial void Unloading(ILogger logger, string model, string version, long inside);

    [LoggerMessage(207, LogLevel.Information, "Model {Model} version {Version} is out of memory")]
    public static partial void Unloaded(ILogger logger, string model, string version);

    [LoggerMessage(208, LogLevel.Error, "Version {Version} cannot be loaded, and is tried again when its files have changed: {Sentence}")]
    public static partial void Refused(ILogger logger, string version, string sentence);

    [LoggerMessage(209, LogLevel.Warning, "{Trouble}")]
    public static partial void NothingNewer(ILogger logger, string trouble);

    [LoggerMessage(210, LogLevel.Error, "Loading version {Version} met a fault of the server")]
    public static partial void LoadBroke(ILogger logger, Exception exception, string version);

    [LoggerMessage(211, LogLevel.Warning, "Whether there is a version that feedback is of cannot be told: {Trouble}")]
    public static partial void VersionUntold(ILogger logger, string trouble);

    [LoggerMessage(300, LogLevel.Debug, "A request ended with {Code}: {Reason}")]
    public static partial void RequestFailed(ILogger logger, DataPlane.ErrorCode code, string reason);

    [LoggerMessage(301, LogLevel.Error, "A request met a fault of the server")]
    public static partial void RequestBroke(ILogger logger, Exception exception);

    [LoggerMessage(302, LogLevel.Information, "{Protocol} request {Id} of model {Model} version {Version} ended with {Code} after {DurationMs} ms, trace {TraceId}")]
    public static partial void RequestEnded(ILogger logger, string protocol, string id, string model, string version, string code, double durationMs, string traceId);
}
