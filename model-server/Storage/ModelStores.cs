using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Storage;

/// <summary>Chooses the store for a scheme. A new scheme is one row here and one in <see cref="ConfigCheck"/>.</summary>
internal static class ModelStores
{
    public static IModelStore Open(ServerSettings settings, ILogger logger) => settings.Uri.Scheme switch
    {
        "file" => new FileStore(settings.Uri),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Uri.Scheme, "is no scheme that this server reads"),
    };
}
