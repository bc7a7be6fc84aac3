using Amazon.Runtime;
using Amazon.S3;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Gives clients of S3 and of stores that speak its protocol, which are named by <c>AWS_ENDPOINT_URL_S3</c> or <c>AWS_ENDPOINT_URL</c>. What
/// a client cannot change (endpoint, region, whether it signs) is looked up for each request, so that a Secret may appear and change later.
/// </summary>
internal sealed class S3Clients(StoreSettings settings, S3Credentials credentials) : IDisposable
{
    private const string DefaultRegion = "us-east-1";

    private readonly HttpClient _http = StorageHttp.Client(() => Roots(settings));
    private readonly Lock _making = new();

    // Those of earlier settings may have downloads in progress; people change settings rarely enough to keep them all.
    private readonly Dictionary<(string? Endpoint, string Region, bool InHost, bool Signs), AmazonS3Client> _made = [];

    /// <summary>The client for the settings and credentials of this moment; it belongs to this object.</summary>
    /// <exception cref="StoreException">The Secret's files cannot be read.</exception>
    public IAmazonS3 Current()
    {
        var (own, all, region, otherwise) = settings.Get("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION");
        var inHost = settings.IsTrue("S3_USE_VIRTUAL_BUCKET") || settings.IsTrue("S3_USER_VIRTUAL_BUCKET");
        var wanted = (Endpoint: own ?? all, Region: region ?? otherwise ?? DefaultRegion, InHost: inHost, Signs: credentials.AreThere());
        lock (_making)
        {
            if (!_made.TryGetValue(wanted, out var client))
            {
                client = new AmazonS3Client(
                    wanted.Signs ? credentials : new AnonymousAWSCredentials(), Config(wanted.Endpoint, wanted.Region, wanted.InHost));
                _made.Add(wanted, client);
            }

            return client;
        }
    }

    public void Dispose()
    {
        foreach (var client in _made.Values)
        {
            client.Dispose();
        }

        _http.Dispose();
    }

    private AmazonS3Config Config(string? endpoint, string region, bool bucketInHost)
    {
        var config = new AmazonS3Config
        {
            // Retrying is ours, so that trouble is told from its first moment.
            MaxErrorRetry = 0,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new Connections(_http),
        };
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region;
            config.ForcePathStyle = !bucketInHost;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }

    private static string? Roots(StoreSettings settings)
    {
        var bundle = settings.Get("AWS_CA_BUNDLE");
        return bundle?.StartsWith("-----", StringComparison.Ordinal) == false
            ? CredentialFiles.Elsewhere(bundle) ?? throw new StoreException(
                StoreTrouble.Transient, $"AWS_CA_BUNDLE names {bundle}, and there is no such file or nothing in it.")
            : bundle ?? settings.Roots();
    }

    private sealed class Connections(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
