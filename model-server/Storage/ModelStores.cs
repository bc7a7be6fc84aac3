using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Storage;

/// <summary>Chooses the store for a scheme. A new scheme is one row here and one in <see cref="ConfigCheck"/>.</summary>
internal static class ModelStores
{
    public static IModelStore Open(ServerSettings settings, TimeProvider clock) => settings.Uri.Scheme switch
    {
        "file" => new FileStore(settings.Uri),
        "s3" => S3Store.Open(settings.Uri, settings.CredentialsDirectory, clock),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Uri.Scheme, "is no scheme that this server reads"),
    };
}
