namespace Slipway.ModelServer.Storage;

/// <summary>Object keys below the prefix that a URI names.</summary>
internal static class StoragePath
{
    /// <summary>"" or ending with a slash, unescaped.</summary>
    public static string Prefix(string escaped) => Uri.UnescapeDataString(escaped).Trim('/') is { Length: > 0 } path ? $"{path}/" : "";

    /// <summary>The last folder's name of a common prefix.</summary>
    public static string Folder(string found, string prefix) => found[prefix.Length..].TrimEnd('/');

    /// <summary>Whether the key is a mark that some tools leave for a folder.</summary>
    public static bool IsFolderMark(string key) => key.EndsWith('/');
}
