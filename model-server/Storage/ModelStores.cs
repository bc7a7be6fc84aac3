using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Storage;

/// <summary>Chooses the store for a scheme. A new scheme is one row here and one in <see cref="ModelUri"/>.</summary>
internal static class ModelStores
{
    public static IModelStore Open(ServerSettings settings, TimeProvider clock)
    {
        var told = new StoreSettings(settings.CredentialsDirectory);
        return settings.Uri.Scheme switch
        {
            "file" => new FileStore(settings.Uri, settings.Uri.LocalPath),
            "pvc" => new FileStore(settings.Uri, ModelUri.ClaimFolder(settings.Uri, settings.ClaimsDirectory)),
            "s3" => S3Store.Open(settings.Uri, told, clock),
            "gs" => GcsStore.Open(settings.Uri, told, clock),
            "az" => AzureStore.Open(settings.Uri, told, clock),
            "https" => HttpsStore.Open(settings.Uri, told, clock),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Uri.Scheme, "is no scheme that this server reads"),
        };
    }
}
