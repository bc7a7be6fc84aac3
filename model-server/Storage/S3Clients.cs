using Amazon.Runtime;
using Amazon.S3;

namespace Slipway.ModelServer.Storage;

/// <summary>Makes clients of S3 and of stores that speak its protocol, which are named by <c>AWS_ENDPOINT_URL_S3</c> or <c>AWS_ENDPOINT_URL</c>.</summary>
internal static class S3Clients
{
    private const string DefaultRegion = "us-east-1";

    public static S3Store Open(Uri uri, string credentialsDirectory)
    {
        var files = new CredentialFiles(credentialsDirectory);
        var credentials = new S3Credentials(files);
        var config = Config(name => files.Read(name) ?? Environment.GetEnvironmentVariable(name));
        AWSCredentials signing = credentials.AreThere() ? credentials : new AnonymousAWSCredentials();
        return new S3Store(uri, new AmazonS3Client(signing, config), credentials);
    }

    /// <param name="setting">A setting by its standard name, null when it is not set; a file of the Secret is nearer to the model than the environment.</param>
    private static AmazonS3Config Config(Func<string, string?> setting)
    {
        var region = NonEmpty("AWS_REGION") ?? NonEmpty("AWS_DEFAULT_REGION") ?? DefaultRegion;
        var config = new AmazonS3Config
        {
            // Retrying is ours, so that trouble is told from its first moment.
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if ((NonEmpty("AWS_ENDPOINT_URL_S3") ?? NonEmpty("AWS_ENDPOINT_URL")) is { } endpoint)
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

        string? NonEmpty(string name) => setting(name) is { Length: > 0 } value ? value : null;
    }
}
