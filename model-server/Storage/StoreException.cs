namespace Slipway.ModelServer.Storage;

/// <summary>What kind of trouble storage gave.</summary>
internal enum StoreTrouble
{
    /// <summary>It may pass: try again.</summary>
    Transient,

    /// <summary>Credentials are missing, wrong or not enough. They can be mended while the server waits.</summary>
    Denied,

    /// <summary>The bucket, folder or file is not there.</summary>
    Missing,
}

/// <summary>Storage failed; <paramref name="sentence"/> says what was asked of which address and what came.</summary>
internal sealed class StoreException(StoreTrouble trouble, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    public StoreTrouble Trouble { get; } = trouble;
}
