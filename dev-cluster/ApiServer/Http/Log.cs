using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.ApiServer.Http;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "{Method} {Path} failed inside the API server")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);
}
