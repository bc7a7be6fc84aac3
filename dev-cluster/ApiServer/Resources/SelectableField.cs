namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// A field that selectors may name: <paramref name="Label"/> is the name in the selector, <paramref name="Path"/> the dotted path of its value,
/// <paramref name="Absent"/> the text that stands for no value.
/// </summary>
internal sealed record SelectableField(string Label, string Path, string Absent = "")
{
    /// <summary>A field whose name is its path.</summary>
    public static SelectableField At(string path) => new(path, path);
}
