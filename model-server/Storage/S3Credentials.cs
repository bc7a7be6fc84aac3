using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Credentials for S3: those of the mounted Secret, read again for each request so that they may appear and change without a restart;
/// without them the SDK's standard chain; without any, none, which public buckets allow.
/// </summary>
internal sealed class S3Credentials(CredentialFiles files, TimeProvider clock) : AWSCredentials
{
    // The chain asks services that answer slowly when they are not there.
    private static readonly TimeSpan ChainIsAskedAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _finding = new();
    private AWSCredentials? _chain;
    private long? _chainAskedAt;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin { get; private set; } = "No credentials were looked for yet.";

    public override ImmutableCredentials GetCredentials() => FromFiles() ?? Chain()?.GetCredentials()
        ?? throw new AmazonClientException("The credentials went away.");

    /// <summary>Whether requests are to be signed, as things stand now.</summary>
    /// <exception cref="StoreException">The Secret's files cannot be read.</exception>
    public bool AreThere()
    {
        if (FromFiles() is not null)
        {
            Origin = $"The credentials came from {files.Directory}.";
            return true;
        }

        var chain = Chain();
        Origin = chain is null
            ? $"No credentials were found, neither in {files.Directory} nor by AWS's standard chain, so it was asked without any."
            : $"The credentials came from AWS's standard chain ({chain.GetType().Name}).";
        return chain is not null;
    }

    private ImmutableCredentials? FromFiles()
    {
        var values = files.Read("AWS_ACCESS_KEY_ID", "awsAccessKeyID", "AWS_SECRET_ACCESS_KEY", "awsSecretAccessKey", "AWS_SESSION_TOKEN");
        return (values[0] ?? values[1], values[2] ?? values[3]) is ({ } id, { } secret) ? new ImmutableCredentials(id, secret, values[4]) : null;
    }

    private AWSCredentials? Chain()
    {
        lock (_finding)
        {
            if (_chain is null && (_chainAskedAt is not { } asked || clock.GetElapsedTime(asked) >= ChainIsAskedAgainAfter))
            {
                _chainAskedAt = clock.GetTimestamp();
                _chain = Find();
            }

            return _chain;
        }
    }

    private static AWSCredentials? Find()
    {
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException)
        {
            return null; // none of its sources has any: an answer, and no fault
        }
    }
}
