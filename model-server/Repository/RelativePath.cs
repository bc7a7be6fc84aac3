namespace Slipway.ModelServer.Repository;

/// <summary>Paths that come from outside (object keys, manifests, models) and are joined to a folder of ours.</summary>
internal static class RelativePath
{
    private const int Longest = 512;

    /// <summary>Whether the path stays below the folder that it is joined to: relative, '/' only, no '.' or '..' or empty part.</summary>
    public static bool IsInside(string path) =>
        path.Length is > 0 and <= Longest
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Any(char.IsControl)
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
