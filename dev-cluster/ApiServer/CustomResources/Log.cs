using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.ApiServer.CustomResources;

internal static partial class Log
{
    [LoggerMessage(110, LogLevel.Error, "Definition {Name} could not be served or taken away; it is tried again when a definition changes")]
    public static partial void DefinitionFailed(ILogger logger, string name, Exception exception);
}
