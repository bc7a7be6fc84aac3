using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Clients of one container, made anew when the credentials change. They are looked for in this order: connection string, account key, SAS
/// token, a service principal, Azure's default chain (workload identity, managed identity, <c>az login</c>); without any, public containers are read.
/// </summary>
internal sealed class AzureClients(string account, string container, StoreSettings settings) : IDisposable
{
    private static readonly string[] StorageScope = ["https://storage.azure.com/.default"];

    private readonly HttpClient _http = StorageHttp.Client(settings.Roots);
    private volatile Made? _made;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin => _made?.Origin ?? "No credentials were looked for yet.";

    /// <summary>The service, without a secret.</summary>
    public Uri Endpoint => _made is { } made ? new Uri(made.Client.Uri.GetLeftPart(UriPartial.Authority)) : ServiceUri();

    public async Task<BlobContainerClient> ContainerAsync(CancellationToken cancellationToken)
    {
        var told = Told();
        var made = _made;
        if (made is null || made.Told != told)
        {
            made = await MakeAsync(told, cancellationToken);

            // That nothing was found does not hold for ever: an identity may appear.
            _made = made;
        }

        return made.Client;
    }

    public void Dispose() => _http.Dispose();

    private BlobClientOptions Options() => new()
    {
        Transport = new HttpClientTransport(_http),
        // Retrying is ours, so that trouble is told from its first moment.
        Retry = { MaxRetries = 0, NetworkTimeout = StorageHttp.AnswerLimit },
        Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false },
    };

    private Uri ServiceUri() => settings.Get("AZURE_STORAGE_SERVICE_ENDPOINT") is { } endpoint
        ? new Uri(endpoint.TrimEnd('/') + "/") : new Uri($"https://{account}.blob.core.windows.net/");

    private Credential Told() =>
        Told(settings.Files.Value, name => $"The credentials came from {name} in {settings.Files.Directory}.")
        ?? Principal()
        ?? Told(StoreSettings.FromEnvironment, name => $"The credentials came from the environment variable {name}.")
        ?? new Credential(Kind.Chain, "", "The credentials came from Azure's default chain.");

    private static Credential? Told(Func<string, string?> read, Func<string, string> origin) =>
        new (string Name, Kind Kind)[]
        {
            ("AZURE_STORAGE_CONNECTION_STRING", Kind.Connection),
            ("AZURE_STORAGE_ACCESS_KEY", Kind.Key),
            ("AZURE_STORAGE_KEY", Kind.Key),
            ("AZURE_STORAGE_SAS_TOKEN", Kind.Sas),
        }
        .Select(known => read(known.Name) is { } value ? new Credential(known.Kind, value, origin(known.Name)) : null)
        .FirstOrDefault(found => found is not null);

    // A service principal of the environment belongs to the default chain.
    private Credential? Principal() => settings.Files.Value("AZURE_CLIENT_SECRET") is { } secret
        ? new Credential(
            Kind.Principal,
            $"{settings.Get("AZURE_TENANT_ID")}\n{settings.Get("AZURE_CLIENT_ID")}\n{secret}",
            $"The credentials came from AZURE_CLIENT_SECRET in {settings.Files.Directory}.")
        : null;

    private async Task<Made> MakeAsync(Credential told, CancellationToken cancellationToken)
    {
        var place = new Uri($"{ServiceUri()}{container}");
        try
        {
            return told.Kind switch
            {
                Kind.Connection => new Made(told, told.Origin, OfAccount(new BlobContainerClient(told.Value, container, Options()), told)),
                Kind.Key => new Made(told, told.Origin, new BlobContainerClient(place, new StorageSharedKeyCredential(account, told.Value), Options())),
                Kind.Sas => new Made(told, told.Origin, new BlobContainerClient(place, new AzureSasCredential(told.Value.TrimStart('?')), Options())),
                Kind.Principal => new Made(told, told.Origin, new BlobContainerClient(place, Principal(told), Options())),
                Kind.Chain => await FromChainAsync(told, place, cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, "is no kind of credential"),
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // The message may quote what could not be read.
            throw new StoreException(StoreTrouble.Denied, $"{told.Origin} They are not written as Azure writes them; copy them again from the portal.", exception);
        }
    }

    private BlobContainerClient OfAccount(BlobContainerClient client, Credential told) => client.AccountName == account ? client : throw new StoreException(
        StoreTrouble.Denied, $"{told.Origin} They are for the account '{client.AccountName}', and the URI names '{account}'.");

    private ClientSecretCredential Principal(Credential told)
    {
        var parts = told.Value.Split('\n', 3);
        return parts[0].Length > 0 && parts[1].Length > 0
            ? new ClientSecretCredential(parts[0], parts[1], parts[2], WithTransport(new ClientSecretCredentialOptions()))
            : throw new StoreException(StoreTrouble.Denied, $"{told.Origin} AZURE_TENANT_ID and AZURE_CLIENT_ID are wanted beside it.");
    }

    private async Task<Made> FromChainAsync(Credential told, Uri place, CancellationToken cancellationToken)
    {
        var chain = new DefaultAzureCredential(WithTransport(new DefaultAzureCredentialOptions
        {
            ExcludeVisualStudioCredential = true,
            ExcludeVisualStudioCodeCredential = true,
            ExcludeAzureDeveloperCliCredential = true,
            ExcludeAzurePowerShellCredential = true,
            ExcludeInteractiveBrowserCredential = true,
        }));
        try
        {
            await chain.GetTokenAsync(new TokenRequestContext(StorageScope), cancellationToken);
            return new Made(told, told.Origin, new BlobContainerClient(place, chain, Options()));
        }
        catch (CredentialUnavailableException)
        {
            return new Made(
                null,
                $"No credentials were found, neither in {settings.Files.Directory} nor by Azure's default chain, so it was asked without any.",
                new BlobContainerClient(place, Options()));
        }
    }

    private T WithTransport<T>(T options)
        where T : TokenCredentialOptions
    {
        options.Transport = new HttpClientTransport(_http);
        options.Retry.MaxRetries = 0;
        return options;
    }

    private enum Kind { Connection, Key, Sas, Principal, Chain }

    private sealed record Credential(Kind Kind, string Value, string Origin);

    /// <param name="Told">What it was made of; null when nothing was found, so that the next call looks again.</param>
    private sealed record Made(Credential? Told, string Origin, BlobContainerClient Client);
}
