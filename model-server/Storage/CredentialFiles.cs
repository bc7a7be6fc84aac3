namespace Slipway.ModelServer.Storage;

/// <summary>A mounted Secret: one file per key, replaced in place when the Secret changes.</summary>
internal sealed class CredentialFiles(string directory)
{
    // No credential is near this; a file that is larger is something else.
    private const long MostBytes = 64 << 10;

    public string Directory => directory;

    /// <returns>Null when there is no such key.</returns>
    public string? Read(string key)
    {
        var file = new FileInfo(Path.Combine(directory, key));
        try
        {
            return file.Exists && File.ReadAllBytes(file.FullName) is { LongLength: <= MostBytes } bytes
                && System.Text.Encoding.UTF8.GetString(bytes).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreTrouble.Denied, $"The credentials file {file.FullName} cannot be read: {exception.Message}", exception);
        }
    }
}
