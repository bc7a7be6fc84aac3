using System.Text;

namespace Slipway.ModelServer.Storage;

/// <summary>A mounted Secret: one file per key. It may appear later, and all of its files are replaced at once when the Secret changes.</summary>
internal sealed class CredentialFiles(string directory)
{
    // The kubelet writes each state of a Secret into a folder of its own and moves this link, to which the files lead, from one to the next.
    private const string Current = "..data";

    // No Secret is larger; a file that is, is something else.
    private const long MostBytes = 1 << 20;

    public string Directory => directory;

    /// <summary>The values of these keys, all of one state of the Secret; null for a key that is not there.</summary>
    /// <exception cref="StoreException">A file is there and cannot be read.</exception>
    public IReadOnlyList<string?> Read(params ReadOnlySpan<string> keys)
    {
        try
        {
            // Followed once for all keys, so that no id is paired with another state's secret.
            var folder = Path.Combine(directory, new DirectoryInfo(Path.Combine(directory, Current)).LinkTarget ?? "");
            var values = new string?[keys.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = ReadFile(Path.Combine(folder, keys[i]));
            }

            return values;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreTrouble.Denied, $"The credentials in {directory} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The value of one key; null when it is not there.</summary>
    /// <exception cref="StoreException">The file is there and cannot be read.</exception>
    public string? Value(string key) => Read(key)[0];

    /// <summary>Another file with a credential in it, that a setting names.</summary>
    /// <returns>Null when there is no such file, or nothing in it.</returns>
    /// <exception cref="StoreException">The file is there and cannot be read.</exception>
    public static string? Elsewhere(string path)
    {
        try
        {
            return ReadFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreTrouble.Denied, $"The credentials file {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static string? ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenHandle(path);
        if (RandomAccess.GetLength(file) > MostBytes)
        {
            throw new IOException($"{path} is larger than {MostBytes} bytes.");
        }

        var content = new byte[RandomAccess.GetLength(file)];
        var text = Encoding.UTF8.GetString(content, 0, RandomAccess.Read(file, content, 0)).Trim();
        return text.Length > 0 ? text : null;
    }
}
