using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Credentials for S3: those of the mounted Secret, read again for each request so that they may appear and change without a restart;
/// without them the SDK's standard chain; without any, none, which public buckets allow.
/// </summary>
internal sealed class S3Credentials(StoreSettings settings, TimeProvider clock) : AWSCredentials
{
    /// <summary>The Secret's key that holds a file of profiles, as <c>~/.aws/credentials</c> is written.</summary>
    private const string ProfilesKey = "credentials";

    // The chain asks services that answer slowly when they are not there.
    private static readonly TimeSpan ChainIsAskedAgainAfter = TimeSpan.FromMinutes(1);

    private readonly CredentialFiles _files = settings.Files;
    private readonly Lock _finding = new();
    private AWSCredentials? _chain;
    private long? _chainAskedAt;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin { get; private set; } = "No credentials were looked for yet.";

    public override ImmutableCredentials GetCredentials() => FromFiles() ?? (FromProfile() ?? Chain())?.GetCredentials()
        ?? throw new AmazonClientException("The credentials went away.");

    /// <summary>Whether requests are to be signed, as things stand now.</summary>
    /// <exception cref="StoreException">The Secret's files cannot be read.</exception>
    public bool AreThere()
    {
        if (FromFiles() is not null)
        {
            Origin = $"The credentials came from {_files.Directory}.";
            return true;
        }

        if (settings.IsTrue("awsAnonymousCredential"))
        {
            Origin = "It was asked without credentials, as awsAnonymousCredential says.";
            return false;
        }

        if (FromProfile() is not null)
        {
            Origin = $"The credentials came from the profile [{Profile}] in {_files.Directory}/{ProfilesKey}.";
            return true;
        }

        var chain = Chain();
        Origin = chain is null
            ? $"No credentials were found, neither in {_files.Directory} nor by AWS's standard chain, so it was asked without any."
            : $"The credentials came from AWS's standard chain ({chain.GetType().Name}).";
        return chain is not null;
    }

    private ImmutableCredentials? FromFiles()
    {
        var values = _files.Read("AWS_ACCESS_KEY_ID", "awsAccessKeyID", "AWS_SECRET_ACCESS_KEY", "awsSecretAccessKey", "AWS_SESSION_TOKEN");
        return (values[0] ?? values[1], values[2] ?? values[3]) is ({ } id, { } secret) ? new ImmutableCredentials(id, secret, values[4]) : null;
    }

    private string Profile => settings.Get("AWS_PROFILE") ?? SharedCredentialsFile.DefaultProfileName;

    private AWSCredentials? FromProfile()
    {
        if (_files.Value(ProfilesKey) is null)
        {
            return null;
        }

        var file = new SharedCredentialsFile(Path.Combine(_files.Directory, ProfilesKey));
        return file.TryGetProfile(Profile, out var profile) && profile.CanCreateAWSCredentials
            ? profile.GetAWSCredentials(file)
            : throw new StoreException(StoreTrouble.Denied, $"{file.FilePath} holds no usable profile [{Profile}]; add it, or name another in AWS_PROFILE.");
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
