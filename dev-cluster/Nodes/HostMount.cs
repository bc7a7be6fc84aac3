namespace Slipway.DevCluster.Nodes;

/// <summary>A directory of the host that every pod sees read-only at <see cref="Path"/>.</summary>
internal sealed record HostMount(string HostPath, string Path)
{
    /// <summary>Reads <c>HOST=PATH</c>.</summary>
    /// <exception cref="FormatException">The text has another form, or the directory does not exist.</exception>
    public static HostMount Parse(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        if (separator <= 0 || !System.IO.Path.IsPathRooted(text[(separator + 1)..]))
        {
            throw new FormatException($"\"{text}\" is no mount: write HOST=PATH, a directory of this machine and an absolute path in the pods.");
        }

        var host = System.IO.Path.GetFullPath(text[..separator]);
        return Directory.Exists(host)
            ? new(host, text[(separator + 1)..])
            : throw new FormatException($"The directory \"{host}\" of mount \"{text}\" does not exist.");
    }
}
