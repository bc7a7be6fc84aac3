namespace Slipway.EndToEnd.Tests.Images;

/// <summary>One image, unpacked. <paramref name="User"/> is what a pod runs it as, as <c>uid:gid</c>.</summary>
internal sealed record Image(
    string Root, string User, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Entrypoint, IReadOnlyDictionary<string, string> Labels)
{
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>Paths of all regular files, from the image's root on. Links are left out, since they lead out of the folder.</summary>
    public IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(Root, "*", Everywhere).Select(path => path[Root.Length..])];

    public UnixFileMode Mode(string path) => File.GetUnixFileMode(Root + path);
}
