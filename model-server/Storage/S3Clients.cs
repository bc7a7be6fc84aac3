using Amazon.Runtime;
using Amazon.S3;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Gives clients of S3 and of stores that speak its protocol, which are named by <c>AWS_ENDPOINT_URL_S3</c> or <c>AWS_ENDPOINT_URL</c>. What
/// a client cannot change (endpoint, region, whether it signs) is looked up for each request, so that a Secret may appear and change later.
/// </summary>
internal sealed class S3Clients(CredentialFiles files, S3Credentials credentials) : IDisposable
{
    private const string DefaultRegion = "us-east-1";

    private static readonly string[] Settings = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"];

    private readonly Lock _making = new();

    // Those of earlier settings may have downloads in progress; people change settings rarely enough to keep them all.
    private readonly Dictionary<(string? Endpoint, string Region, bool Signs), AmazonS3Client> _made = [];

    /// <summary>The client for the settings and credentials of this moment; it belongs to this object.</summary>
    /// <exception cref="StoreException">The Secret's files cannot be read.</exception>
    public IAmazonS3 Current()
    {
        var values = files.Read(Settings);
        var set = Settings.Zip(values, (name, value) => value ?? (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? given : null)).ToArray();
        var wanted = (Endpoint: set[0] ?? set[1], Region: set[2] ?? set[3] ?? DefaultRegion, Signs: credentials.AreThere());
        lock (_making)
        {
            if (!_made.TryGetValue(wanted, out var client))
            {
                client = new AmazonS3Client(wanted.Signs ? credentials : new AnonymousAWSCredentials(), Config(wanted.Endpoint, wanted.Region));
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
    }

    private static AmazonS3Config Config(string? endpoint, string region)
    {
        var config = new AmazonS3Config
        {
            // Retrying is ours, so that trouble is told from its first moment.
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region;
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
