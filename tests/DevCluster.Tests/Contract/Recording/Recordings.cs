namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>The copied recordings, found beside the test assembly.</summary>
internal static class Recordings
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "Contract");

    public static string WidgetDefinition => File.ReadAllText(Path.Combine(Root, "crd.json"));

    public static RecordedCase Case(string name) => RecordedCase.Parse(File.ReadAllText(Path.Combine(Root, "cases", name + ".json")));

    /// <summary>Names of the recordings in a folder (<c>cases</c> or <c>Sessions/recorded</c>), in ordinal order.</summary>
    public static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
}
