using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Credentials for S3: those of the mounted Secret, read again for each request so that rotation needs no restart; without them the SDK's
/// standard chain; without any, none, which public buckets allow.
/// </summary>
internal sealed class S3Credentials(CredentialFiles files) : AWSCredentials
{
    private AWSCredentials? _chain;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin { get; private set; } = "No credentials were looked for yet.";

    public override ImmutableCredentials GetCredentials()
    {
        var id = files.Read("AWS_ACCESS_KEY_ID") ?? files.Read("awsAccessKeyID");
        var secret = files.Read("AWS_SECRET_ACCESS_KEY") ?? files.Read("awsSecretAccessKey");
        if (id is not null && secret is not null)
        {
            Origin = $"The credentials came from {files.Directory}.";
            return new ImmutableCredentials(id, secret, files.Read("AWS_SESSION_TOKEN"));
        }

        return (_chain ??= FromChain()).GetCredentials();
    }

    /// <summary>Whether requests are to be signed. Asked when the store is opened: an anonymous client cannot become another later.</summary>
    public bool AreThere()
    {
        try
        {
            GetCredentials();
            return true;
        }
        catch (AmazonClientException)
        {
            Origin = $"No credentials were found, neither in {files.Directory} nor by AWS's standard chain, so it was asked without any.";
            return false;
        }
    }

    private AWSCredentials FromChain()
    {
        var found = DefaultAWSCredentialsIdentityResolver.GetCredentials();
        Origin = $"The credentials came from AWS's standard chain ({found.GetType().Name}).";
        return found;
    }
}
