namespace Slipway.ModelServer.Storage;

/// <summary>What kind of trouble storage gave.</summary>
internal enum StoreTrouble
{
    /// <summary>It may pass: try again.</summary>
    Transient,

    /// <summary>Too much was asked in too short a time: try again, not before <see cref="StoreException.RetryAfter"/>.</summary>
    Throttled,

    /// <summary>Credentials are missing, wrong or not enough. They can be mended while the server waits.</summary>
    Denied,

    /// <summary>The bucket, folder or file is not there.</summary>
    Missing,

    /// <summary>A file is no longer the one that was listed.</summary>
    Changed,
}

/// <summary>Storage failed; <paramref name="sentence"/> says what was asked of which address and what came, and holds no secret.</summary>
internal sealed class StoreException(StoreTrouble trouble, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    public StoreTrouble Trouble { get; } = trouble;

    /// <summary>How long storage asked to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether asking again may help.</summary>
    public bool MayPass => Trouble is StoreTrouble.Transient or StoreTrouble.Throttled or StoreTrouble.Denied;
}
